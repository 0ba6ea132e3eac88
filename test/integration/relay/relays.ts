import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { answer, INFO_REPLY } from './node-stub.js';
import type { RelayUnderTest } from './relay-under-test.js';
import { VectorNetwork } from './vector-network.js';

/**
 * Relays of the vectors for the tests of one suite, which makes this inside `describe`: they serve, and storage answers
 * each test anew. A fault inside one of them fails the suite.
 */
export class Relays {
  #started: VectorNetwork | undefined;

  /** `areToldOfNetwork: false`: they do not serve. */
  constructor(
    private readonly names: readonly string[],
    { areToldOfNetwork = true } = {},
  ) {
    beforeAll(async () => {
      this.#started = await VectorNetwork.start(names);
      if (areToldOfNetwork) await this.#network.publish();
    });
    beforeEach(() => {
      for (const name of names) this.relay(name).node.answerer = () => answer(200, 'json', INFO_REPLY);
    });
    afterAll(async () => {
      const faults = this.#started?.faults();
      await this.#started?.stop();
      expect(faults).toEqual([]);
    });
  }

  /** The public port of the first. */
  get port(): number {
    return this.relay(this.names[0] ?? '').httpsPort;
  }

  relay(name: string): RelayUnderTest {
    return this.#network.relay(name);
  }

  get #network(): VectorNetwork {
    if (this.#started === undefined) throw new Error('the relays did not start');
    return this.#started;
  }
}
