import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'undici';
import { nativePrimitives } from '#platform';
import { buildOnion } from '#protocol';
import type { TestNode } from '#testing';

/** Not the address of any attacker. */
export const SOURCE = '127.0.0.2';
/** A lively client; more would be a load of its own. */
const PAUSE_MS = 20;
/** Every so many requests it comes anew, as somebody who has just opened the app. */
const REQUESTS_PER_CONNECTION = 25;
/** When real clients give up. */
const PATIENCE_MS = 10_000;

/** What somebody meant no harm went through. */
export interface Experience {
  readonly requests: number;
  /** No answer, or not the right one. */
  readonly failures: number;
  /** In words; empty without a failure. */
  readonly lastFailure: string;
  /** Of requests on an open connection. */
  readonly p99Ms: number;
  /** The longest from dialling to the first answer. */
  readonly longestFirstMs: number;
}

const primitives = nativePrimitives();
const payload = Buffer.from('{"method":"info","params":{}}');

/** Somebody who asks the node something in an onion, again and again, while others do what they like. */
export class HonestClient {
  private readonly later: number[] = [];
  private readonly first: number[] = [];
  private failures = 0;
  private lastFailure = '';
  private readonly over = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly node: TestNode) {}

  private isOver(): boolean {
    return this.over.signal.aborted;
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<Experience> {
    this.over.abort();
    await this.running;
    const { later, first, failures } = this;
    return {
      requests: later.length + first.length + failures,
      failures,
      lastFailure: this.lastFailure,
      p99Ms: percentile(later, 0.99),
      longestFirstMs: Math.max(...first, 0),
    };
  }

  private async run(): Promise<void> {
    while (!this.isOver()) {
      const client = new Client(this.node.url, {
        connect: { rejectUnauthorized: false },
        localAddress: SOURCE,
        headersTimeout: PATIENCE_MS,
      });
      for (let i = 0; i < REQUESTS_PER_CONNECTION && !this.isOver(); i += 1) {
        await this.ask(client, i === 0 ? this.first : this.later);
        await pause(PAUSE_MS);
      }
      await client.destroy();
    }
  }

  private async ask(client: Client, times: number[]): Promise<void> {
    const onion = buildOnion(primitives, randomBytes, { path: [], destination: this.node, payload });
    const start = process.hrtime.bigint();
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const answer = await client.request({ method: 'POST', path: '/onion_req/v2', body: onion.body, signal });
      const body = new Uint8Array(await answer.body.arrayBuffer());
      if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${Buffer.from(body).toString()}`);
      const { status } = JSON.parse(Buffer.from(onion.open(body)).toString()) as { status: number };
      if (status !== 200) throw new Error(`inner status ${status}`);
      times.push(Number(process.hrtime.bigint() - start) / 1e6);
    } catch (cause) {
      this.failures += 1;
      this.lastFailure = cause instanceof Error ? cause.message : String(cause);
    }
  }
}

/** Of unsorted values; NaN when there are none. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
