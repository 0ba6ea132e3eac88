import { describe, it } from '@jest/globals';
import type { Call } from './calls.js';
import type { Scene } from './scene.js';
import type { WayName } from './ways.js';

/** One numbered case. */
export interface Case {
  readonly number: number;
  readonly title: string;
  readonly run: (at: Scene) => Promise<void>;
}

export const story = (number: number, title: string, run: Case['run']): Case => ({ number, title, run });

/** A request that is answered with a status and a bare text. */
export const refusal = (number: number, title: string, make: () => Call, status: number, text: string): Case =>
  story(number, title, (at) => at.refuses(make(), status, text));

/** A request whose fields cannot be read: docs/protocol/storage-rpc.md §2. */
export const unreadable = (number: number, title: string, make: () => Call, problem: string): Case =>
  refusal(number, title, make, 400, `invalid request: ${problem}`);

/** A request that must succeed; more is not asked of it. */
export const accepted = (number: number, title: string, make: () => Call): Case =>
  story(number, title, async (at) => {
    await at.ok(make());
  });

/** Every case in every way; titles begin with the number. */
export function runCases(
  section: string,
  cases: readonly Case[],
  scenes: Readonly<Record<WayName, () => Scene>>,
): void {
  describe(section, () => {
    for (const { number, title, run } of cases) {
      for (const [way, scene] of Object.entries(scenes)) {
        it(`${number} ${way}: ${title}`, () => run(scene()));
      }
    }
  });
}
