import type { PeerPool } from './peer-pool.js';
import { PeerProtocolError, type PeerReply } from './peer-transport.js';
import { decodeReplies, encodeCommands, MAX_COMMANDS, ROUTES, type Command } from './wire.js';

interface Waiting extends Command {
  readonly resolve: (reply: PeerReply) => void;
  readonly reject: (cause: unknown) => void;
}

/** A batch ends here: beyond it a frame would come close to the size limit. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const HEADERS = { 'content-type': 'application/octet-stream' };

/** Commands for one peer that arrive in the same turn of the event loop travel in one request. */
export class CommandBatcher {
  #waiting: Waiting[] = [];
  #bytes = 0;

  constructor(private readonly pool: PeerPool) {}

  send(method: string, params: Uint8Array, budgetMs: number): Promise<PeerReply> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push({ method, params, budgetMs, resolve, reject });
      this.#bytes += params.length;
      if (this.#waiting.length >= MAX_COMMANDS || this.#bytes >= MAX_BATCH_BYTES) this.#flush();
    });
  }

  #flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    if (batch.length > 0) void this.#post(batch);
  }

  async #post(batch: readonly Waiting[]): Promise<void> {
    try {
      const timeoutMs = Math.max(...batch.map(({ budgetMs }) => budgetMs));
      const { body } = await this.pool.post(ROUTES.command, encodeCommands(batch), HEADERS, timeoutMs);
      const replies = decodeReplies(body);
      if (replies.length !== batch.length) throw new PeerProtocolError('another number of replies than commands');
      replies.forEach((reply, index) => batch[index]?.resolve(reply));
    } catch (cause) {
      for (const { reject } of batch) reject(cause);
    }
  }
}
