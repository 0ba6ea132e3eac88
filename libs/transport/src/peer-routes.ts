import type { IncomingMessage } from 'node:http';
import { faultFields, type Clock, type Log } from '#platform';
import { decodeStandingAsk, encodeStandingReport, type StandingKnown } from '#protocol';
import type { Answer, Refusal } from './peer-answer.js';
import { PeerProtocolError, type PeerReply } from './peer-transport.js';
import { BUDGET_HEADER, decodeCommands, encodeReplies, MAX_BUDGET_MS, PONG, ROUTES, type Command } from './wire.js';

/** What a node does for its peers. `from` is the caller's Ed25519 key. Faults may be thrown. */
export interface PeerHandlers {
  onion(frame: Uint8Array, from: string, budgetMs: number): Promise<PeerReply>;
  /** Those of one request. One promise for each, in their order: one that fails fails alone. */
  commands(commands: readonly Command[], from: string): readonly Promise<PeerReply>[];
  /** What is known of the caller, whose instance is 32 hex digits. */
  standing(from: string, instance: string, budgetMs: number): Promise<StandingKnown>;
}

/** When a sender names no budget: what a client waits at the most. */
const DEFAULT_BUDGET_MS = 9_000;
/** Handlers keep to their budget; one that does not must give its place back all the same. */
const GRACE_MS = 1_000;
/** What is asked for lies in a memory of this node. docs/protocol/peer.md §8.2 */
const STANDING_BUDGET_MS = 1_000;

/** What became of a command whose handler failed. */
const FAULT: PeerReply = { status: 500, body: new Uint8Array() };

/** From a request that has been read to the answer, or to the reason why there is none. */
export class PeerRoutes {
  #pingedAt: number | undefined;

  constructor(
    private readonly handlers: PeerHandlers,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  get secondsSincePing(): number | undefined {
    return this.#pingedAt === undefined ? undefined : (this.clock.monotonicMs() - this.#pingedAt) / 1000;
  }

  async answer(request: IncomingMessage, body: Uint8Array, from: string): Promise<Answer | Refusal> {
    if (request.method !== 'POST') return 'no-such-route';
    switch (request.url) {
      case ROUTES.onion: {
        const budgetMs = budgetOf(request);
        return this.#within(budgetMs, this.#kept('onion', 'fault', this.handlers.onion(body, from, budgetMs)));
      }
      case ROUTES.command:
        return this.#commands(body, from);
      case ROUTES.ping:
        this.#pingedAt = this.clock.monotonicMs();
        return { bytes: PONG };
      case ROUTES.standing:
        return this.#within(STANDING_BUDGET_MS, this.#standing(request, body, from));
      default:
        return 'no-such-route';
    }
  }

  async #standing(request: IncomingMessage, body: Uint8Array, from: string): Promise<Answer | Refusal> {
    const receivedMs = this.clock.now();
    const instance = decodeStandingAsk(body);
    if (instance === null) return 'malformed';
    const known = await this.handlers.standing(from, instance, STANDING_BUDGET_MS);
    const observedIp = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? null;
    return { bytes: encodeStandingReport({ ...known, receivedMs, sentMs: this.clock.now(), observedIp }) };
  }

  async #commands(body: Uint8Array, from: string): Promise<Answer | Refusal> {
    let commands: Command[];
    try {
      commands = decodeCommands(body);
    } catch (cause) {
      if (cause instanceof PeerProtocolError) return 'malformed';
      throw cause;
    }
    const replies = this.handlers.commands(commands, from).map((reply) => this.#kept('command', FAULT, reply));
    const longest = Math.max(...commands.map(({ budgetMs }) => budgetMs));
    return this.#within(
      longest,
      Promise.all(replies).then((all) => ({ bytes: encodeReplies(all) })),
    );
  }

  /** One failed handler is one line in the log and one reply; others in the same request are not touched by it. */
  async #kept<T>(method: string, otherwise: T, work: Promise<PeerReply>): Promise<PeerReply | T> {
    try {
      return await work;
    } catch (cause) {
      this.log.error('peer_handler_failed', { method, ...faultFields(cause) });
      return otherwise;
    }
  }

  async #within<T>(budgetMs: number, work: Promise<T>): Promise<T | 'late'> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), Math.min(budgetMs, MAX_BUDGET_MS) + GRACE_MS);
    });
    const result = await Promise.race([work, patience]);
    clearTimeout(timer);
    return result;
  }
}

function budgetOf(request: IncomingMessage): number {
  const text = request.headers[BUDGET_HEADER];
  if (typeof text !== 'string' || !/^\d{1,6}$/.test(text)) return DEFAULT_BUDGET_MS;
  return Math.min(Number(text), MAX_BUDGET_MS);
}
