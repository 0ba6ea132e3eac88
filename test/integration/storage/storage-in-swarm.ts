import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { NodeRecord } from '#protocol';
import { FakeMember, networkOf, OWN_SEED, type Answerer } from './fake-swarm.js';
import { StorageUnderTest } from './storage-under-test.js';

const START_TIMEOUT_MS = 60_000;
/** Of the first member; the next one has the next. */
const FIRST_KEY = 0x20;

/**
 * A storage for the tests of one suite, which makes this inside `describe`, and members of its swarm that come with a test
 * and go with it. A fault inside fails the test.
 */
export class StorageInSwarm {
  readonly members: FakeMember[] = [];
  #started: StorageUnderTest | undefined;

  constructor(env: Readonly<Record<string, string>> = {}) {
    beforeAll(async () => {
      this.#started = await StorageUnderTest.start(OWN_SEED, env);
    }, START_TIMEOUT_MS);
    afterEach(async () => {
      await this.leave();
      expect(this.service.log.faults).toEqual([]);
    });
    afterAll(() => this.#started?.stop());
  }

  get service(): StorageUnderTest {
    if (this.#started === undefined) throw new Error('storage did not start');
    return this.#started;
  }

  /** Members that answer so, besides those that are there, and listed ones that are not. Gives all that are there. */
  async join(answers: readonly Answerer[], absent: readonly NodeRecord[] = []): Promise<readonly FakeMember[]> {
    for (const answer of answers) this.members.push(await FakeMember.start(FIRST_KEY + this.members.length, answer));
    await this.service.publish(networkOf([...this.members.map((member) => member.record), ...absent]));
    return this.members;
  }

  /** They are listed on, and do not listen any more. */
  async leave(): Promise<void> {
    await Promise.all(this.members.splice(0).map((member) => member.stop()));
  }
}
