import { readFile } from 'node:fs/promises';
import { loadSeedFile } from '#platform';
import type { Clock } from '#platform';
import { ListRefused, NodeKey, noblePrimitives, parseSignedList, verifySignedList } from '#protocol';
import type { ListedNode, NetworkList } from '#protocol';
import { reasonOf, sentenceOf } from '../../problems.js';
import { ask } from '../../http/ask.js';
import { fail, failedBy, pass, skip, warn } from '../finding.js';
import type { Finding } from '../finding.js';
import type { NodeFacts } from '../../config/node-facts.js';

/** Administrators need some days to find each other. */
const EXPIRES_SOON_MS = 14 * 86_400_000;

/** The key that all services share; null with the findings when there is none to go on with. */
export function checkKey({ keys }: NodeFacts): { self: NodeKey | null; findings: Finding[] } {
  if (keys.length === 0) return { self: null, findings: [skip('key', 'the settings name no key file')] };
  const found: NodeKey[] = [];
  const findings: Finding[] = [];
  for (const path of new Set(keys.map((key) => key.path))) {
    const settings = keys.filter((key) => key.path === path).map(({ setting }) => setting);
    try {
      found.push(NodeKey.fromSeed(loadSeedFile(path, settings.join(', ')), noblePrimitives));
    } catch (cause) {
      findings.push(failedBy('key', sentenceOf(cause)));
    }
  }
  const [self = null] = found;
  if (new Set(found.map(({ id }) => id)).size > 1) {
    const names = keys.map(({ setting }) => setting).join(', ');
    return { self: null, findings: [fail('key', `${names} hold different keys`, 'give all services the same key')] };
  }
  if (self !== null && findings.length === 0) findings.push(pass('key', 'parses, and only its owner may read it'));
  return { self, findings };
}

/** The signed list, as the swarm-manager would judge it. */
export async function checkList(
  { list: place }: NodeFacts,
  clock: Clock,
): Promise<{ list: NetworkList | null; findings: Finding[] }> {
  if (place === null) return { list: null, findings: [skip('list', 'the settings name no list')] };
  const { source, setting, trust } = place;
  let list: NetworkList;
  try {
    list = verifySignedList(noblePrimitives, parseSignedList(await readList(source)), trust);
  } catch (cause) {
    const remedy = `get the list of network ${trust.network} from its administrators, or correct ${setting}`;
    const says = cause instanceof ListRefused ? cause.message : `the list cannot be read: ${reasonOf(cause)}`;
    return { list: null, findings: [fail('list', says.replace(/\.$/, ''), remedy)] };
  }
  const leftMs = list.expiresMs - clock.now();
  const until = new Date(list.expiresMs).toISOString().slice(0, 10);
  const renew = 'have an administrator run `starling network renew`, sign and publish it';
  if (leftMs < 0) return { list, findings: [fail('list', `list ${list.epoch} expired on ${until}`, renew)] };
  const says = `list ${list.epoch} of ${trust.network} is properly signed, and valid until ${until}`;
  return { list, findings: [leftMs < EXPIRES_SOON_MS ? warn('list', says, renew) : pass('list', says)] };
}

/** Whether the list has this node. */
export function checkListed(
  self: NodeKey | null,
  list: NetworkList | null,
): { node: ListedNode | null; findings: Finding[] } {
  if (self === null || list === null) {
    return { node: null, findings: [skip('key in list', `there is no ${self === null ? 'key' : 'list'} to compare`)] };
  }
  const node = list.nodes.find(({ ed25519 }) => ed25519 === self.id) ?? null;
  if (node === null) {
    const remedy = `put the key that is listed in place, or have ${self.id} added with \`starling network add\``;
    return { node, findings: [fail('key in list', `list ${list.epoch} has no node with this key`, remedy)] };
  }
  if (node.state !== 'active') {
    const remedy = 'have an administrator add it as active when it is to serve again';
    return { node, findings: [warn('key in list', `the list has this node as ${node.state}`, remedy)] };
  }
  return { node, findings: [pass('key in list', 'the list has this node as active')] };
}

async function readList(source: string): Promise<string> {
  if (!/^https?:\/\//.test(source)) return readFile(source, 'utf8');
  const { status, body } = await ask({ method: 'GET', url: source });
  if (status !== 200) throw new Error(`its address answers with status ${status}`);
  return Buffer.from(body).toString('utf8');
}
