import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { SystemClock, nativePrimitives } from '#platform';
import {
  NetworkView,
  NodeKey,
  buildOnion,
  parseEntry,
  type HopFrame,
  type NodeTarget,
  type OpenedLayer,
} from '#protocol';
import { relayLimits } from '../limits/budget.js';
import { Load } from '../limits/load.js';
import { Standing } from '../readiness/standing.js';
import { RelayMetrics } from '../relay.metrics.js';
import { ReplayFilter } from '../replay/replay-filter.js';
import { ReplayGuard } from '../replay/replay-guard.js';
import { LayerBox } from './layer-box.js';
import { OnionHop } from './onion-hop.js';

const LAYERS = 6;
const primitives = nativePrimitives();
const key = NodeKey.fromSeed(randomBytes(32), primitives);
const self: NodeTarget = { ed25519: key.id, x25519: Buffer.from(key.x25519.publicKey).toString('hex') };

/** Counts the turns of the event loop, and notes in which of them a layer was opened. */
class WatchedBox extends LayerBox {
  readonly openedIn: number[] = [];
  private turn = 0;
  private next = setImmediate(this.count.bind(this));

  override open(frame: HopFrame): OpenedLayer | null {
    this.openedIn.push(this.turn);
    return super.open(frame);
  }

  stop(): void {
    clearImmediate(this.next);
  }

  private count(): void {
    this.turn += 1;
    this.next = setImmediate(this.count.bind(this));
  }
}

function standing(): Standing {
  const one = new Standing(key.id);
  const node = { ...self, ip: '192.0.2.1', httpsPort: 1, peerPort: 2, state: 'active', swarmId: 7n } as const;
  const nodes = [{ ...node, version: [2, 8, 0] }] as const;
  one.update(new NetworkView({ height: 1, blockHash: '00'.repeat(32), hardfork: [19, 4], nodes }));
  return one;
}

/** A request that goes through this node several times; its last layer cannot be opened, so that nobody else is asked. */
function throughItself(): HopFrame {
  const stranger = { ...self, x25519: Buffer.from(primitives.x25519PublicKey(randomBytes(32))).toString('hex') };
  const path = Array.from({ length: LAYERS - 1 }, () => self);
  const { body } = buildOnion(primitives, randomBytes, { path, destination: stranger, payload: Buffer.from('x') });
  const { ciphertext, ...entry } = parseEntry(body);
  return { ...entry, data: ciphertext };
}

describe('a hop', () => {
  it('opens no two layers of a request in one turn, so that others get theirs in between', async () => {
    const clock = new SystemClock();
    const box = new WatchedBox(primitives, randomBytes, key, true);
    const hop = new OnionHop({
      box,
      replays: new ReplayGuard(new ReplayFilter(clock, new Uint32Array(3)), false),
      standing: standing(),
      final: undefined as never,
      nextHop: undefined as never,
      exit: undefined as never,
      metrics: new RelayMetrics(new Registry(), new Load(relayLimits)),
      clock,
      limits: relayLimits,
    });
    const answer = await hop.handle(throughItself(), 'client', relayLimits.entryMs);
    box.stop();
    expect([answer.status, answer.outcome]).toEqual([400, 'invalid_ciphertext']);
    expect(box.openedIn).toHaveLength(LAYERS);
    expect(new Set(box.openedIn).size).toBe(LAYERS);
  });
});
