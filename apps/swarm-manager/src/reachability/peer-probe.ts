import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Agent } from 'undici';
import { Clock } from '#platform';
import { encodeBase32z, hexToBytes, type NodeRecord } from '#protocol';
import { PeerTransport } from '#transport';

/** docs/protocol/onion.md §5.4 */
const PROBE_TIMEOUT_MS = 5_000;

/** What one test of one node said. */
export interface ProbeResult {
  readonly public: boolean;
  readonly peer: boolean;
  /** Until the slower of both had answered or failed, in ms. */
  readonly tookMs: number;
}

/** One test of one node, on both of its surfaces, at the same time. */
@Injectable()
export class PeerProbe implements OnModuleDestroy {
  /** A node's public certificate proves nothing, so nobody checks it; a test must not reuse an old connection. */
  readonly #agent = new Agent({ connect: { rejectUnauthorized: false, timeout: PROBE_TIMEOUT_MS }, pipelining: 0 });

  constructor(
    @Inject(PeerTransport) private readonly peers: PeerTransport,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Whether the node answers on its public and on its peer port, with its own key. */
  async test(node: NodeRecord): Promise<ProbeResult> {
    const begun = this.clock.monotonicMs();
    const [onPublic, onPeer] = await Promise.allSettled([
      this.#pingPublic(node),
      this.peers.ping(node, PROBE_TIMEOUT_MS),
    ]);
    const tookMs = this.clock.monotonicMs() - begun;
    return { public: onPublic.status === 'fulfilled', peer: onPeer.status === 'fulfilled', tookMs };
  }

  async onModuleDestroy(): Promise<void> {
    await this.#agent.destroy();
  }

  async #pingPublic({ ip, httpsPort, ed25519 }: NodeRecord): Promise<void> {
    const key = hexToBytes(ed25519) ?? new Uint8Array();
    const answer = await this.#agent.request({
      origin: `https://${ip}:${httpsPort}`,
      path: '/ping_test/v1',
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', host: `${encodeBase32z(key)}.snode` },
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    await answer.body.dump();
    const isItself = answer.headers['x-oxen-snode-pubkey'] === Buffer.from(key).toString('base64');
    if (answer.statusCode !== 200 || !isItself) throw new Error('not the node that is listed there');
  }
}
