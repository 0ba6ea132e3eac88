import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { loadSeedFile } from '#platform';
import { bytesToHex, NodeKey, noblePrimitives, signNetworkList } from '#protocol';
import type { ListTrust } from '#protocol';
import { createSecretFile, readIfThere, replacePublicFile } from '../files/private-file.js';
import { changeDraft } from '../network/draft-change.js';
import { NetworkFolder } from '../network/network-folder.js';
import { ConfigurationProblem } from '../problems.js';

const SEED_BYTES = 32;
const NAME = 'network-of-one';
/** As `starling network add`: a warning comes in the last fortnight. */
const VALID_DAYS = 365;

export interface Folders {
  readonly node: string;
  readonly administrator: string;
}

interface Address {
  readonly ip: string;
  readonly httpsPort: number;
  readonly peerPort: number;
}

export interface PreparedNetwork {
  readonly trust: ListTrust;
  /** What was not there before, for people. */
  readonly made: readonly string[];
}

/** Key and list are the operator's, and are neither made nor changed. Throws ConfigurationProblem when they are not there. */
export async function givenNetwork(
  { node }: Folders,
  { network, admins, required }: { network: string | undefined; admins: string[] | undefined; required: number },
): Promise<PreparedNetwork> {
  if (network === undefined || admins === undefined) {
    const [given, absent] = network === undefined ? ['ADMINS', 'NETWORK'] : ['NETWORK', 'ADMINS'];
    throw new ConfigurationProblem(`${given} is set and ${absent} is not: set both, or neither for a network of one.`);
  }
  for (const name of ['node.key', 'network.json']) {
    if ((await readIfThere(join(node, name))) !== null) continue;
    throw new ConfigurationProblem(
      `NETWORK is set, but ${name} is not in NODE_DIR: put it there, or leave NETWORK and ADMINS out for a network of one.`,
    );
  }
  return { trust: { network, admins, required }, made: [] };
}

/**
 * A network whose only node is this one, and its administrator's key. Each part is made when it is not there, in an
 * order that a break in between leaves something to go on with. Its list may grow by `starling network` in the
 * administrator's folder: what is published there is handed to the node.
 */
export async function networkOfOne({ node, administrator }: Folders, address: Address): Promise<PreparedNetwork> {
  const made: string[] = [];
  const adminFile = join(administrator, 'admin.key');
  const listFile = join(node, 'network.json');
  const isBegun = (await readIfThere(join(administrator, 'trust.json'))) !== null;
  if (!isBegun && (await readIfThere(listFile)) !== null) {
    throw new ConfigurationProblem(
      'network.json is in NODE_DIR: set NETWORK and ADMINS to say whose signatures count.',
    );
  }
  if (await ensureKey(adminFile)) made.push("the administrator's key");
  if (await ensureKey(join(node, 'node.key'))) made.push("the node's key");
  const admin = keyIn(adminFile);
  const folder = isBegun
    ? await NetworkFolder.open(administrator)
    : await NetworkFolder.create(administrator, { network: NAME, admins: [admin.id], required: 1 });
  if ((await folder.current()) === null) {
    const entry = { ...address, ed25519: keyIn(join(node, 'node.key')).id, state: 'active' as const };
    await changeDraft(folder, { put: [entry] }, { dir: administrator, days: VALID_DAYS });
    const draft = await folder.draft();
    if (draft === null) throw new Error('a draft was saved and is not there');
    await folder.publish({ ...draft, signatures: [signNetworkList(noblePrimitives, draft.list.text, admin.ed25519)] });
    made.push(`a signed list with this node alone, at ${address.ip}`);
  }
  const published = await readIfThere(folder.listFile);
  if (published !== null && published !== (await readIfThere(listFile))) await replacePublicFile(listFile, published);
  return { trust: folder.trust, made };
}

const keyIn = (path: string): NodeKey => NodeKey.fromSeed(loadSeedFile(path, path), noblePrimitives);

/** True when it was made now. */
async function ensureKey(path: string): Promise<boolean> {
  if ((await readIfThere(path)) !== null) return false;
  await createSecretFile(path, `${bytesToHex(randomBytes(SEED_BYTES))}\n`);
  return true;
}
