import { expect } from '@jest/globals';
import { batch, call, changed, INFO, retrieve, signedStore, store, type Call, type Params } from '../calls.js';
import { story, unreadable, type Case } from '../case.js';
import { HARDFORK, HEIGHT } from '../conformance-network.js';
import { Owner } from '../people.js';
import type { Part, Scene } from '../scene.js';

interface Outcome {
  readonly condition: boolean;
  readonly result?: Part;
}

const ifelse = (condition: Params, branches: { then?: Call; else?: Call }): Call =>
  call('ifelse', { if: condition, ...branches });

/** The outcome, after the facts beside it were looked at. */
async function outcomeOf(at: Scene, request: Call): Promise<Outcome> {
  const body = await at.ok(request);
  const { condition, result, ...facts } = body;
  expect(facts).toEqual({ hf: HARDFORK, height: HEIGHT, v: [2, 8, 0] });
  return { condition: condition as boolean, ...(result === undefined ? {} : { result: result as Part }) };
}

const ALWAYS = { hf_at_least: [19] };
const NEVER = { hf_at_least: [2_000_000] };
const NO_CONDITION = 'Invalid ifelse request: must specify at least one "if" condition';

export const IFELSE: readonly Case[] = [
  story(244, 'a condition that does not hold', async (at) => {
    const owner = Owner.plain();
    const branches = { then: store(owner, 'then'), else: store(owner, 'else') };
    const outcome = await outcomeOf(at, ifelse(NEVER, branches));
    expect([outcome.condition, outcome.result?.code]).toEqual([false, 200]);
    expect(await at.texts(retrieve(owner))).toEqual(['else']);
  }),
  story(245, 'two conditions of which one does not hold', async (at) => {
    const request = ifelse({ hf_at_least: [19], height_before: 1_234 }, { then: INFO, else: INFO });
    expect((await outcomeOf(at, request)).condition).toBe(false);
  }),
  story(246, 'a condition of one number', async (at) => {
    expect((await outcomeOf(at, ifelse({ hf_at_least: 19 }, { then: INFO }))).condition).toBe(true);
  }),
  story(247, 'only then, and the condition does not hold', async (at) => {
    expect(await outcomeOf(at, ifelse(NEVER, { then: INFO }))).toEqual({ condition: false });
  }),
  story(248, 'only else, and the condition holds', async (at) => {
    expect(await outcomeOf(at, ifelse(ALWAYS, { else: INFO }))).toEqual({ condition: true });
  }),
  story(249, 'five levels with a batch inside', async (at) => {
    const owner = Owner.plain();
    const stores = batch(['1', '2', '3'].map((text) => signedStore(owner, text, { namespace: 42 })));
    const nested = [1, 2, 3, 4, 5].reduce((inner) => ifelse(ALWAYS, { then: inner }), stores);
    let body: unknown = await at.ok(nested);
    for (let level = 0; level < 5; level++) body = (body as Outcome).result?.body;
    const { results } = body as { results: Part[] };
    expect(results.map(({ code }) => code)).toEqual([200, 200, 200]);
  }),
  unreadable(250, 'no condition', () => ifelse({}, { then: INFO }), NO_CONDITION),
  unreadable(250, 'an empty condition', () => ifelse({ hf_at_least: [] }, { then: INFO }), NO_CONDITION),
  unreadable(251, 'no if', () => call('ifelse', { then: INFO }), 'Invalid ifelse request: no valid "if" field'),
  unreadable(
    252,
    'no branch',
    () => ifelse(ALWAYS, {}),
    'Invalid ifelse request: at least one of "then"/"else" required',
  ),
  unreadable(
    253,
    'an unknown method',
    () => ifelse(ALWAYS, { then: call('nope', {}) }),
    'Invalid ifelse request method "then"',
  ),
  story(254, 'a branch that is refused', async (at) => {
    const outcome = await outcomeOf(at, ifelse(ALWAYS, { then: store(Owner.plain(), 'x', { namespace: 33 }) }));
    expect(outcome.result).toEqual({ code: 401, body: 'store: signature required to store to namespace 33' });
  }),
  unreadable(
    255,
    'a branch that cannot be read and is not taken',
    () => ifelse(NEVER, { then: changed(store(Owner.plain(), 'x'), { data: undefined }), else: INFO }),
    "Required field 'data' missing",
  ),
];
