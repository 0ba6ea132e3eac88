import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { NodeKey } from '#protocol';
import { SharedTime, startNats, WrongClock, type TestNats } from '#testing';
import { OtherNode } from './other-node.js';
import { NodeFolder, SELF, SwarmManagerUnderTest, type Listed } from './swarm-manager-under-test.js';

const START_TIMEOUT_MS = 60_000;

/** What each test has for itself. */
class Setting {
  readonly folder = new NodeFolder();
  readonly time = new SharedTime();
  readonly clock = new WrongClock(this.time);
  manager: SwarmManagerUnderTest | undefined;
}

/**
 * A swarm-manager and the nodes around it, anew for each test of a suite, which makes this inside `describe`. A fault
 * inside it fails the test.
 */
export class Neighbourhood {
  readonly others: OtherNode[] = [];
  #nats: TestNats | undefined;
  #setting: Setting | undefined;

  constructor() {
    beforeAll(async () => {
      this.#nats = await startNats();
    }, START_TIMEOUT_MS);
    beforeEach(() => {
      this.#setting = new Setting();
    });
    afterEach(async () => {
      const { manager, folder } = this.#now;
      await manager?.stop();
      await Promise.all(this.others.splice(0).map((other) => other.stop()));
      folder.remove();
      expect(manager?.log.faults ?? []).toEqual([]);
    });
    afterAll(() => this.#nats?.stop());
  }

  /** Of all clocks. */
  get time(): SharedTime {
    return this.#now.time;
  }

  /** Of the node itself; those of the others are right. */
  get clock(): WrongClock {
    return this.#now.clock;
  }

  /** The one that runs. */
  get manager(): SwarmManagerUnderTest {
    const { manager } = this.#now;
    if (manager === undefined) throw new Error('no swarm-manager runs');
    return manager;
  }

  /** Another node that answers; it is in no list yet. */
  async add(key: NodeKey): Promise<OtherNode> {
    const other = await OtherNode.start(key, new WrongClock(this.time), (id) => id === SELF.id);
    this.others.push(other);
    return other;
  }

  publish(nodes: readonly Listed[]): void {
    this.#now.folder.publish(nodes);
  }

  async start(): Promise<SwarmManagerUnderTest> {
    const setting = this.#now;
    if (this.#nats === undefined) throw new Error('NATS did not start');
    setting.manager = await SwarmManagerUnderTest.start(this.#nats, setting.folder, setting.clock);
    return setting.manager;
  }

  get #now(): Setting {
    if (this.#setting === undefined) throw new Error('no test has begun');
    return this.#setting;
  }
}
