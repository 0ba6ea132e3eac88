import {
  AccountId,
  bdecode,
  bencode,
  messageHash,
  NetworkView,
  noblePrimitives,
  NodeKey,
  type Ed25519KeyPair,
  type NetworkSnapshot,
  type NodeRecord,
} from '#protocol';
import { SystemClock } from '#platform';
import { aNodeRecord } from '#testing';
import { PeerServer, type PeerReply } from '#transport';
import { MemoryLog } from '../memory-log.js';

export const OWN_SEED = '0f'.repeat(32);
export const OWN_KEY = nodeKey(0x0f);
const SWARM_ID = 0x2000_0000_0000_0000n;
const OTHER_SWARM_ID = 0xa000_0000_0000_0000n;

export function nodeKey(byte: number): NodeKey {
  return NodeKey.fromSeed(new Uint8Array(32).fill(byte), noblePrimitives);
}

export function record(key: NodeKey, changes: Partial<NodeRecord> = {}): NodeRecord {
  const x25519 = Buffer.from(key.x25519.publicKey).toString('hex');
  return aNodeRecord({ ed25519: key.id, x25519, swarmId: SWARM_ID, ...changes });
}

let height = 0;
/** Ourselves, the members of our swarm, and one node of another swarm. */
export function networkOf(members: readonly NodeRecord[]): NetworkSnapshot {
  height += 1;
  const nodes = [record(OWN_KEY), ...members, record(nodeKey(0x77), { swarmId: OTHER_SWARM_ID })];
  return { height, blockHash: '00'.repeat(32), hardfork: [19, 4], nodes };
}

/** A key pair whose `03` account belongs to our swarm, or to the other one; `nth`: not the first that does. */
export function anOwner(isOurs: boolean, nth = 0): { readonly pair: Ed25519KeyPair; readonly hex: string } {
  const view = new NetworkView(networkOf([]));
  for (let byte = 1, found = 0; byte < 256; byte++) {
    const pair = nodeKey(byte).ed25519;
    const hex = `03${Buffer.from(pair.publicKey).toString('hex')}`;
    if ((view.swarmFor(AccountId.parse(hex))?.id === SWARM_ID) !== isOurs) continue;
    if (found === nth) return { pair, hex };
    found += 1;
  }
  throw new Error('no such key');
}

/** What a member was asked. */
export interface Asked {
  readonly method: string;
  readonly params: Uint8Array;
  readonly from: string;
}

export type Answerer = (asked: Asked) => PeerReply | Promise<PeerReply>;

/** Another member behind a real peer port that answers as a test wants. */
export class FakeMember {
  private constructor(
    readonly asked: readonly Asked[],
    readonly record: NodeRecord,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(byte: number, answer: Answerer): Promise<FakeMember> {
    const key = nodeKey(byte);
    const asked: Asked[] = [];
    const server = new PeerServer({
      seed: key.seed,
      isMember: (id) => id === OWN_KEY.id,
      handlers: {
        onion: () => Promise.reject(new Error('not expected here')),
        standing: () => Promise.reject(new Error('not expected here')),
        commands: (all, from) =>
          all.map(({ method, params }) => {
            const call = { method, params: params.slice(), from };
            asked.push(call);
            return Promise.resolve(answer(call));
          }),
      },
      clock: new SystemClock(),
      log: new MemoryLog(),
    });
    const peerPort = await server.listen('127.0.0.1', 0);
    return new FakeMember(asked, record(key, { peerPort }), () => server.close(0));
  }

  get id(): string {
    return this.record.ed25519;
  }
}

export const kept = (hash: string): PeerReply => ({
  status: 200,
  body: bencode({ expiry: 1, hash, signature: new Uint8Array(64) }),
});

/** What a member that keeps the message answers to a store. */
export function keeps({ params }: Asked): PeerReply {
  const dict = bdecode(params) as ReadonlyMap<string, Uint8Array | number>;
  const account = AccountId.parse(dict.get('pubkey') as Uint8Array);
  const namespace = Number(dict.get('namespace') ?? 0);
  return kept(messageHash(noblePrimitives, account, namespace, dict.get('data') as Uint8Array));
}
