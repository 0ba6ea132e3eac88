import { PeerProtocolError, PeerTimeout, type PeerReply } from './peer-transport.js';
import { decodeReplies, encodeCommands, MAX_COMMANDS, type Command } from './wire.js';

interface Waiting extends Command {
  readonly timeoutMs: number;
  readonly resolve: (reply: PeerReply) => void;
  readonly reject: (cause: Error) => void;
}

/** A batch ends here: beyond it a frame would come close to the size limit. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/**
 * While a request is on its way to the peer, commands wait so long for its answer and for others: little beside a way
 * through the world, and enough that a busy member's commands travel by the dozen, at a fraction of the cost of each.
 */
const COMPANY_MS = 10;

/** Carries an encoded batch, in parts, to the peer and brings the encoded replies. */
export type PostBatch = (body: readonly Uint8Array[], timeoutMs: number) => Promise<Uint8Array>;

/** Commands for one peer travel together. docs/protocol/peer.md §3.6 */
export class CommandBatcher {
  #waiting: Waiting[] = [];
  #bytes = 0;
  #underWay = 0;
  #patience: NodeJS.Timeout | undefined;

  constructor(
    private readonly post: PostBatch,
    private readonly companyMs = COMPANY_MS,
  ) {}

  /** `budgetMs` is what the peer is told, less than what the caller waits. Throws PeerError. */
  send(command: Command, timeoutMs: number): Promise<PeerReply> {
    return new Promise((resolve, reject) => {
      // An answer comes when the slowest command of a batch is done; the caller of another does not wait for that.
      const timer = setTimeout(() => reject(new PeerTimeout('no answer in time')), Math.max(1, timeoutMs));
      const { method, params, budgetMs } = command;
      this.#add({
        method,
        params,
        budgetMs,
        timeoutMs,
        resolve: (reply) => {
          clearTimeout(timer);
          resolve(reply);
        },
        reject: (cause) => {
          clearTimeout(timer);
          reject(cause);
        },
      });
    });
  }

  #add(command: Waiting): void {
    if (this.#waiting.length === 0) this.#flushLater();
    this.#waiting.push(command);
    this.#bytes += command.params.length;
    if (this.#waiting.length >= MAX_COMMANDS || this.#bytes >= MAX_BATCH_BYTES) this.#flush();
  }

  #flushLater(): void {
    if (this.#underWay === 0) setImmediate(() => this.#flush());
    else this.#patience = setTimeout(() => this.#flush(), this.companyMs);
  }

  #flush(): void {
    clearTimeout(this.#patience);
    const batch = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    if (batch.length > 0) void this.#send(batch);
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    this.#underWay += 1;
    try {
      const timeoutMs = Math.max(...batch.map((command) => command.timeoutMs));
      const replies = decodeReplies(await this.post(encodeCommands(batch), timeoutMs));
      if (replies.length !== batch.length) throw new PeerProtocolError('another number of replies than commands');
      replies.forEach((reply, index) => batch[index]?.resolve(reply));
    } catch (cause) {
      for (const { reject } of batch) reject(cause instanceof Error ? cause : new PeerProtocolError('unknown fault'));
    } finally {
      this.#underWay -= 1;
      this.#flush();
    }
  }
}
