import { createHash } from 'node:crypto';
import { startNetwork, type NetworkFileDocument, type TestNetwork, type TestNode } from '#testing';
import { SWARMS } from './oracle.js';

const OUR_MEMBERS = 5;
/** One that paths begin with, and one more. */
const OTHER_MEMBERS = 2;
/** Above what case 245 compares it with. */
export const HEIGHT = 2_000;
export const HARDFORK = [19, 4] as const;

const seedOf = (name: string): string => createHash('sha256').update(`conformance ${name}`).digest('hex');
const namesOf = (swarm: keyof typeof SWARMS, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${swarm}-${index}`);

const OURS = namesOf('ours', OUR_MEMBERS);
const OTHERS = namesOf('other', OTHER_MEMBERS);
/** The member whose key a test uses to speak as a member. */
const [ENTRY = '', SPEAKER = ''] = OURS;
const [GUARD = ''] = OTHERS;

const entriesOf = (names: readonly string[], swarm: keyof typeof SWARMS): NetworkFileDocument['nodes'] =>
  names.map((name) => ({ name, seed: seedOf(name), swarm: SWARMS[swarm].toString(16) }));

/** Two swarms of real processes: five members with the node that is asked, two with the accounts of others. */
export class ConformanceNetwork {
  private constructor(readonly processes: TestNetwork) {}

  static async start(): Promise<ConformanceNetwork> {
    const nodes = [...entriesOf(OURS, 'ours'), ...entriesOf(OTHERS, 'other')];
    const networkFile = { network: 'conformance', height: HEIGHT, hardfork: HARDFORK, nodes };
    return new ConformanceNetwork(await startNetwork({ networkFile }));
  }

  /** The node that gets every request. */
  get entry(): TestNode {
    return this.processes.node(ENTRY);
  }

  /** The first node of onion paths; it keeps other accounts. */
  get guard(): TestNode {
    return this.processes.node(GUARD);
  }

  /** The swarm of the entry, itself included. */
  get members(): readonly TestNode[] {
    return OURS.map((name) => this.processes.node(name));
  }

  get others(): readonly TestNode[] {
    return OTHERS.map((name) => this.processes.node(name));
  }

  /** Ed25519 seed of another member of the entry's swarm. */
  get memberSeed(): Buffer {
    return Buffer.from(seedOf(SPEAKER), 'hex');
  }

  stop(): Promise<void> {
    return this.processes.stop();
  }
}
