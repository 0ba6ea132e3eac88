import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigurationProblem, reasonOf, sentenceOf } from '../../problems.js';

const hex64 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');
const port = z.int().min(1).max(65_535);
const byteValue = z.int().min(0).max(255);
/** More would not fit into the memory of ordinary machines; entries that do not run cost nothing. */
export const MAX_RUNNING_NODES = 50;
const MAX_LISTED_NODES = 500;

const node = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/, 'must be up to 32 letters, digits and hyphens'),
    seed: hex64.optional(),
    swarm: z
      .string()
      .regex(/^[0-9a-f]{1,16}$/, 'must be up to 16 lower-case hex digits')
      .nullable()
      .default(null),
    https_port: port.optional(),
    peer_port: port.optional(),
    ip: z.ipv4().default('127.0.0.1'),
    state: z.enum(['active', 'decommissioned', 'unlisted']).default('active'),
    run: z.boolean().default(true),
  })
  .refine(({ state, swarm }) => state === 'active' || swarm === null, 'only an active node is in a swarm')
  .refine(({ ip, run }) => !run || ip.startsWith('127.'), 'a node that runs has an address of this machine (127.…)');

const networkFile = z
  .strictObject({
    network: z.string().min(1).max(64).default('devnet'),
    height: z.int().min(1).default(1),
    hardfork: z.tuple([byteValue, byteValue]).default([19, 4]),
    version: z
      .string()
      .regex(/^\d{1,3}\.\d{1,3}\.\d{1,3}$/, 'must look like 2.8.0')
      .default('2.8.0'),
    outside_allow: z.array(z.string().regex(/^[^\s,:]+:\d{1,5}$/, 'must look like host:port')).default([]),
    nodes: z.array(node).min(1, 'must name a node').max(MAX_LISTED_NODES),
  })
  .refine(({ nodes }) => allDifferent(nodes.map(({ name }) => name)), 'two nodes have the same name')
  .refine(({ nodes }) => allDifferent(nodes.flatMap(({ seed }) => seed ?? [])), 'two nodes have the same seed')
  .refine(({ nodes }) => allDifferent(nodes.flatMap(addressesOf)), 'two nodes have the same address and port')
  .refine(({ nodes }) => nodes.some(({ run }) => run), 'no node runs')
  .refine(
    ({ nodes }) => nodes.filter(({ run }) => run).length <= MAX_RUNNING_NODES,
    `at most ${MAX_RUNNING_NODES} nodes can run`,
  )
  .refine(
    ({ nodes }) =>
      new Set(nodes.filter(({ state }) => state === 'active').map(({ swarm }) => swarm !== null)).size <= 1,
    'either every active node names its swarm, or none does',
  );

/** A network to bring up as described: docs/operators/network-file.md. */
export type NetworkFile = z.infer<typeof networkFile>;
export type NetworkFileNode = NetworkFile['nodes'][number];

/** Throws ConfigurationProblem. */
export async function readNetworkFile(path: string): Promise<NetworkFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigurationProblem(`${path} cannot be read: ${reasonOf(cause)}.`);
  }
  return parseNetworkFile(text, path);
}

/** Throws ConfigurationProblem with all that is wrong with the file. */
export function parseNetworkFile(text: string, path: string): NetworkFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationProblem(`${path} is not JSON: ${sentenceOf(cause)}.`);
  }
  const result = networkFile.safeParse(json);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path: at, message }) => `${at.join('.') || 'the file'}: ${message}`);
  throw new ConfigurationProblem(`${path}: ${problems.join('; ')}.`);
}

/** The network of `devnet up` without a file: so many nodes, in swarms as the network's own rules make them. */
export function plainNetwork(nodeCount: number): NetworkFile {
  const nodes = Array.from({ length: nodeCount }, (_, index) => ({ name: `node-${index + 1}` }));
  return networkFile.parse({ nodes });
}

function addressesOf({
  ip,
  https_port: https,
  peer_port: peer,
}: {
  ip: string;
  https_port?: number | undefined;
  peer_port?: number | undefined;
}): string[] {
  return [https, peer].filter((each) => each !== undefined).map((each) => `${ip}:${each}`);
}

function allDifferent(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
