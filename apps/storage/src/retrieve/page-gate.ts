import { Injectable } from '@nestjs/common';
import { freeSpentBuffers } from '#platform';
import { MAX_PAGE_COST, messageCost, Overloaded, type PageLimits } from '#protocol';
import type { Page } from '../mailbox/mailboxes.js';

/** A page of this cost is read without asking: 100 messages of 1 KiB, more than a client usually finds. */
const SMALL_COST = 192 * 1024;
/** Calls with larger pages that are worked on at the same time: one holds 6 MB, and leaves as much behind to be freed. */
const LARGE_CALLS = 1;
/** So many wait their turn; a call takes some 50 ms, and clients wait for 10 s. */
const WAITING_CALLS = 100;
/** Of the 10 s that clients wait and the 9 s that their entry grants; the rest is for the page itself and its way back. */
const WAIT_MS = 7_500;

type ReadPage = (limits: PageLimits) => Promise<Page>;

interface Waiting {
  readonly enter: () => void;
}

/** Bounds the memory of large pages: few calls at a time may hold such. */
@Injectable()
export class PageGate {
  readonly #waiting = new Set<Waiting>();
  #inside = 0;

  /** For one call of a client, which may ask for several pages. */
  forCall(): CallPages {
    return new CallPages(this);
  }

  /** Throws Overloaded. Pairs with `leave`. */
  async enter(): Promise<void> {
    if (this.#inside < LARGE_CALLS && this.#waiting.size === 0) {
      this.#inside += 1;
      return;
    }
    if (this.#waiting.size >= WAITING_CALLS) throw new Overloaded();
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = {
        enter: () => {
          clearTimeout(timer);
          this.#waiting.delete(waiting);
          this.#inside += 1;
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(waiting);
        reject(new Overloaded());
      }, WAIT_MS);
      this.#waiting.add(waiting);
    });
  }

  leave(): void {
    this.#inside -= 1;
    freeSpentBuffers();
    const [first] = this.#waiting;
    first?.enter();
  }
}

/**
 * The pages of one call; the large ones hold together what one page may hold, and the rest is `more`.
 * docs/protocol/storage-rpc.md §8.2.6. Whoever made it calls `done` when the answer has gone out.
 */
export class CallPages {
  #entered: Promise<void> | undefined;
  #isInside = false;
  /** Large pages of one call are read in turn, so that their sum is known before the next one is. */
  #turn: Promise<unknown> = Promise.resolve();
  #cost = 0;

  constructor(private readonly gate: PageGate) {}

  /** Throws Overloaded, and what `read` throws. */
  async read(limits: PageLimits, read: ReadPage): Promise<Page> {
    const small = await read({ ...limits, maxCost: Math.min(limits.maxCost, SMALL_COST) });
    const isWhole = !small.more || limits.maxCost <= SMALL_COST || small.messages.length === limits.maxMessages;
    if (isWhole) return small;
    const page = this.#turn.then(() => this.#readLarge(limits, read));
    this.#turn = page.catch(() => undefined);
    return page;
  }

  done(): void {
    if (this.#isInside) this.gate.leave();
    this.#isInside = false;
  }

  async #readLarge(limits: PageLimits, read: ReadPage): Promise<Page> {
    this.#entered ??= this.gate.enter().then(() => {
      this.#isInside = true;
    });
    await this.#entered;
    const maxCost = Math.max(1, Math.min(limits.maxCost, MAX_PAGE_COST - this.#cost));
    const page = await read({ ...limits, maxCost });
    for (const { data } of page.messages) this.#cost += messageCost(data.length);
    return page;
  }
}
