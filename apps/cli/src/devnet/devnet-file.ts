import { join } from 'node:path';
import { z } from 'zod';
import { DEVNET_FILE } from '../files/home.js';
import { readIfThere, replaceFile } from '../files/private-file.js';
import { Problem } from '../problems.js';

const port = z.int();
const source = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('given'), urls: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('binary'), path: z.string() }),
  z.strictObject({ kind: z.literal('container'), image: z.string() }),
]);

const devnetNode = z.strictObject({
  name: z.string(),
  ed25519: z.string(),
  x25519: z.string(),
  ip: z.string(),
  httpsPort: port,
  peerPort: port,
  /** 16 hex digits; all `f` for a node in no swarm. */
  swarmId: z.string(),
  state: z.enum(['active', 'decommissioned', 'unlisted']),
  /** Null for an entry of the list that nobody runs. */
  run: z.strictObject({ relayAdmin: port, storageAdmin: port, swarmManagerAdmin: port, seed: port }).nullable(),
});

const devnet = z.strictObject({
  format: z.literal(1),
  /** Tells containers, key prefixes and the like of several devnets apart. */
  id: z.string(),
  network: z.string(),
  /** Public key of the one administrator, 64 hex digits. */
  admin: z.string(),
  hardfork: z.tuple([z.int(), z.int()]),
  version: z.string(),
  outsideAllow: z.array(z.string()),
  /** True: three processes a node instead of one. */
  separate: z.boolean(),
  guardPort: port,
  redis: z.strictObject({
    source,
    port,
    /** False when nodes share the credentials of a given server. */ ownUsers: z.boolean(),
  }),
  nats: z.strictObject({ source, port }),
  nodes: z.array(devnetNode),
});

export type Devnet = z.infer<typeof devnet> & { readonly dir: string; readonly seedUrl: string };
export type DevnetNode = z.infer<typeof devnetNode>;
/** A node with processes. */
export type RunningNode = DevnetNode & { readonly run: NonNullable<DevnetNode['run']> };

export function runningNodes({ nodes }: Pick<Devnet, 'nodes'>): RunningNode[] {
  return nodes.filter((node): node is RunningNode => node.run !== null);
}

/** Null when the folder holds no devnet. Throws Problem for a file of another version. */
export async function readDevnet(dir: string): Promise<Devnet | null> {
  const path = join(dir, DEVNET_FILE);
  const text = await readIfThere(path);
  if (text === null) return null;
  try {
    return withDerived(devnet.parse(JSON.parse(text)), dir);
  } catch {
    throw new Problem(`${path} was written by another version of Starling, or is damaged: start anew with --fresh.`);
  }
}

/** The file holds no secrets, except the URLs of servers that were given. */
export async function writeDevnet(value: Devnet): Promise<void> {
  const { dir, seedUrl: _derived, ...stored } = value;
  await replaceFile(join(dir, DEVNET_FILE), `${JSON.stringify(stored, null, 2)}\n`);
}

export function withDerived(stored: Omit<Devnet, 'dir' | 'seedUrl'>, dir: string): Devnet {
  return { ...stored, dir, seedUrl: seedUrlOf(runningNodes(stored).find(({ state }) => state === 'active')) };
}

/** Every swarm-manager answers the seed request, `POST <seed>/json_rpc`; a devnet names its first active node's. */
export function seedUrlOf(node: RunningNode | undefined): string {
  return node ? `http://127.0.0.1:${node.run.seed}` : '';
}

/** Files of one node, all below its own folder. */
export function nodeFolder({ dir }: Pick<Devnet, 'dir'>, { name }: Pick<DevnetNode, 'name'>): string {
  return join(dir, 'nodes', name);
}
