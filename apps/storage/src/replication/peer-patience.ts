import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock, CONFIG } from '#platform';
import type { NodeRecord } from '#protocol';
import { PeerProtocolError, PeerTimeout, PeerTransport, type PeerReply } from '#transport';
import type { StorageConfig } from '../storage.config.js';

/** A failure that takes longer is one that callers feel; one that is told at once costs nobody anything. */
const SLOW_MS = 100;
/** What a caller waits whose request finds out whether the member is back: less than a tenth of a second in all. */
const PROBE_WAIT_MS = 75;
/** Between two such requests, so that few callers wait at all. */
const PROBE_PAUSE_MS = 500;
/** Several times the members of a swarm; the ones that failed longest ago are trusted again. */
const MAX_SUSPECTS = 256;

const UNAVAILABLE = 503;

interface Suspect {
  isProbed: boolean;
  nextProbeMs: number;
}

/**
 * Nobody waits for a member that is known to be failing. One request at a time is still sent to it and has its full
 * time, but its caller does not stay for the end; its answer, early or late, ends the suspicion. The others are not
 * sent at all. docs/protocol/storage-rpc.md §7.3.6
 */
@Injectable()
export class PeerPatience {
  readonly #suspects = new LRUCache<string, Suspect>({ max: MAX_SUSPECTS });

  constructor(
    @Inject(PeerTransport) private readonly peers: PeerTransport,
    @Inject(CONFIG) private readonly config: StorageConfig,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Throws PeerError; NotAsked for a request that was not sent. */
  command(peer: NodeRecord, method: string, params: Uint8Array): Promise<PeerReply> {
    const name = `${peer.ed25519} ${peer.ip}:${peer.peerPort}`;
    const suspect = this.#suspects.get(name);
    const answer = (): Promise<PeerReply> => this.#ask(name, peer, method, params);
    if (suspect === undefined) return answer();
    if (suspect.isProbed || this.clock.monotonicMs() < suspect.nextProbeMs) return Promise.reject(new NotAsked());
    suspect.isProbed = true;
    return within(PROBE_WAIT_MS, answer());
  }

  async #ask(name: string, peer: NodeRecord, method: string, params: Uint8Array): Promise<PeerReply> {
    const startMs = this.clock.monotonicMs();
    try {
      const reply = await this.peers.command(peer, method, params, this.config.STORAGE_REPLICATION_MS);
      // Its door answers for a storage service that does not.
      if (reply.status === UNAVAILABLE) this.#failed(name, startMs);
      else this.#suspects.delete(name);
      return reply;
    } catch (cause) {
      if (cause instanceof PeerProtocolError) this.#suspects.delete(name);
      else this.#failed(name, startMs);
      throw cause;
    }
  }

  #failed(name: string, startMs: number): void {
    const nowMs = this.clock.monotonicMs();
    const isQuick = nowMs - startMs < SLOW_MS;
    if (isQuick && !this.#suspects.has(name)) return;
    this.#suspects.set(name, { isProbed: false, nextProbeMs: nowMs + PROBE_PAUSE_MS });
  }
}

/** Sent nowhere: the member is known to be failing. */
export class NotAsked extends PeerTimeout {
  constructor() {
    super('the member is known to be failing');
  }
}

/** The work goes on; who waits for it does so for a while only. */
async function within<T>(waitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new PeerTimeout('no answer to a probe in time')), waitMs);
  });
  try {
    return await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
  }
}
