import { expect } from '@jest/globals';
import type { Call } from './calls.js';
import { HARDFORK, type ConformanceNetwork } from './conformance-network.js';
import { isSigned } from './oracle.js';
import type { Owner } from './people.js';
import type { Answer, Way } from './ways.js';

/** What a member says under its key in `swarm`. */
export interface Entry {
  readonly signature: string;
  readonly already?: boolean;
  readonly hash?: string;
  readonly expiry?: number | readonly number[];
  readonly deleted?: readonly string[] | Readonly<Record<string, readonly string[]>>;
  readonly updated?: readonly string[] | Readonly<Record<string, readonly string[]>>;
  readonly unchanged?: Readonly<Record<string, number>>;
  readonly count?: number;
}

export interface Message {
  readonly data: string;
  readonly expiration: number;
  readonly hash: string;
  readonly timestamp: number;
}

export interface Page {
  readonly messages: readonly Message[];
  readonly more: boolean;
}

export interface Part {
  readonly code: number;
  readonly body: unknown;
}

/** Both clocks are this machine's; what lies between is a slow test. */
const CLOCK_TOLERANCE_MS = 30_000;

/** One case's view of the network: asks in one way and judges what every answer has in common. */
export class Scene {
  constructor(
    readonly network: ConformanceNetwork,
    private readonly way: Way,
  ) {}

  /** Sends a body as it stands. */
  post(body: string): Promise<Answer> {
    return this.way(body);
  }

  ask({ method, params }: Call): Promise<Answer> {
    return this.way(JSON.stringify({ method, params }));
  }

  /** The JSON of an answer that must be 200. */
  async ok(call: Call): Promise<Readonly<Record<string, unknown>>> {
    const { status, body, text } = await this.ask(call);
    expect({ status, text: status === 200 ? '' : text }).toEqual({ status: 200, text: '' });
    return body as Readonly<Record<string, unknown>>;
  }

  async refuses(call: Call, status: number, text: string): Promise<void> {
    const answer = await this.ask(call);
    expect({ status: answer.status, text: answer.text }).toEqual({ status, text });
  }

  /** A page whose form is checked. */
  async page(call: Call): Promise<Page> {
    const body = await this.ok(call);
    expect(Object.keys(body).sort()).toEqual(['hf', 'messages', 'more', 't']);
    this.expectCommon(body);
    return body as unknown as Page;
  }

  /** The texts of a page, as they were stored. */
  async texts(call: Call): Promise<string[]> {
    const { messages } = await this.page(call);
    return messages.map(({ data }) => Buffer.from(data, 'base64').toString());
  }

  async results(call: Call): Promise<readonly Part[]> {
    const body = await this.ok(call);
    expect(Object.keys(body)).toEqual(['results']);
    return body.results as Part[];
  }

  /** Stores and gives the hash. */
  async stored(call: Call): Promise<string> {
    return String((await this.ok(call)).hash);
  }

  /**
   * The entries of a request that must succeed in every member, the one that was asked first. `covered` gives the text
   * that a member must have signed.
   */
  async entries(call: Call, covered: (entry: Entry) => string | Uint8Array): Promise<[Entry, ...Entry[]]> {
    return this.verified(await this.ok(call), covered);
  }

  /** The same for an answer that is here already. */
  verified(
    body: Readonly<Record<string, unknown>>,
    covered: (entry: Entry) => string | Uint8Array,
  ): [Entry, ...Entry[]] {
    this.expectCommon(body);
    const swarm = body.swarm as Readonly<Record<string, Entry>>;
    const ids = this.network.members.map(({ ed25519 }) => ed25519);
    expect(Object.keys(swarm).sort()).toEqual(ids.toSorted());
    const [first, ...rest] = ids.map((id) => {
      const entry = swarm[id];
      if (entry === undefined) throw new Error('a member is missing');
      expect(entry).not.toHaveProperty('failed');
      expect({ id, isSigned: isSigned(id, entry.signature, covered(entry)) }).toEqual({ id, isSigned: true });
      return entry;
    });
    if (first === undefined) throw new Error('an empty swarm');
    return [first, ...rest];
  }

  /** docs/protocol/storage-rpc.md §7.4 */
  expectCommon({ hf, t }: Readonly<Record<string, unknown>>): void {
    expect(hf).toEqual(HARDFORK);
    expect(Number.isInteger(t) && Math.abs(Number(t) - Date.now()) < CLOCK_TOLERANCE_MS).toBe(true);
  }

  /** That a node outside its swarm is told where to go. */
  expectWrongSwarm({ code, body }: { code: number; body: unknown }): void {
    const { snodes, swarm, hf, t } = body as Record<string, unknown>;
    const ids = (snodes as { pubkey_ed25519: string }[]).map(({ pubkey_ed25519: id }) => id);
    expect({ code, swarm, hf }).toEqual({ code: 421, swarm: this.network.guard.swarmId, hf: HARDFORK });
    expect(ids.sort()).toEqual(this.network.others.map(({ ed25519 }) => ed25519).sort());
    expect(t).toEqual(expect.any(Number));
  }
}

/** The text that a member signs about an account: its hex, then these one after the other. */
export const covers = (owner: Owner, ...parts: readonly (string | number | readonly string[])[]): string =>
  owner.account + parts.flat().join('');

/** All hashes of a list or of lists by namespace, in the order in which nodes sign them. */
export const allSorted = (hashes: Entry['deleted'] = []): string[] => {
  const lists: readonly (string | readonly string[])[] = Object.values(hashes);
  return lists.flat().sort();
};
