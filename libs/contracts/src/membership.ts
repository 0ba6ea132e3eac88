import { z } from 'zod';
import type { NetworkSnapshot } from '#protocol';
import { ContractError } from './contract-error.js';
import { versionIn } from './json-message.js';
import { checkVersion, CONTRACT_VERSION, type MetVersion } from './version.js';

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const versionTriple = z.tuple([z.int().min(0), z.int().min(0), z.int().min(0)]);

/** Swarm ids exceed 2^53, so they travel as hex text and never as JSON numbers. */
const swarmId = z
  .string()
  .regex(/^[0-9a-f]{1,16}$/)
  .transform((hex) => BigInt(`0x${hex}`));

/** Members that this version does not know are left out. */
const snapshotMessage = z.object({
  height: z.int().min(0),
  blockHash: hex64,
  hardfork: z.tuple([z.int().min(0), z.int().min(0)]),
  nodes: z.array(
    z.object({
      ed25519: hex64,
      x25519: hex64,
      ip: z.ipv4(),
      httpsPort: z.int().min(0).max(65_535),
      peerPort: z.int().min(0).max(65_535),
      state: z.enum(['active', 'decommissioned']),
      swarmId,
      version: versionTriple,
    }),
  ),
});

export function encodeSnapshot(snapshot: NetworkSnapshot): Uint8Array {
  const { height, blockHash, hardfork } = snapshot;
  const nodes = snapshot.nodes.map((node) => ({ ...node, swarmId: node.swarmId.toString(16) }));
  return new TextEncoder().encode(JSON.stringify({ contract: CONTRACT_VERSION, height, blockHash, hardfork, nodes }));
}

/** Throws ContractError for what no encodeSnapshot wrote. `met` hears of a version that is not ours. */
export function decodeSnapshot(bytes: Uint8Array, met?: MetVersion): NetworkSnapshot {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ContractError('membership snapshot is not JSON');
  }
  checkVersion(versionIn(json), met);
  const result = snapshotMessage.safeParse(json);
  if (!result.success) throw new ContractError(`membership snapshot: ${z.prettifyError(result.error)}`);
  return result.data;
}
