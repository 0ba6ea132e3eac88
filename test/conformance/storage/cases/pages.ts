import { expect } from '@jest/globals';
import { retrieve, store, type Params } from '../calls.js';
import { story, type Case } from '../case.js';
import { Owner } from '../people.js';
import type { Scene } from '../scene.js';

const MESSAGES = 120;
const MESSAGE_BYTES = 70_000;

/** A full mailbox: it takes its time to fill, and reading changes nothing, so one serves all cases. */
let filled: Promise<{ owner: Owner; hashes: readonly string[] }> | undefined;

async function fill(at: Scene): Promise<{ owner: Owner; hashes: readonly string[] }> {
  const owner = Owner.plain();
  const hashes: string[] = [];
  for (let index = 0; index < MESSAGES; index++) {
    hashes.push(await at.stored(store(owner, Buffer.alloc(MESSAGE_BYTES, index))));
  }
  return { owner, hashes };
}

/** `left` messages are after the `last_hash`; all when it is undefined. */
const page = (
  number: number,
  title: string,
  { left = MESSAGES, ...limits }: Params & { readonly left?: number },
  count: number,
  more: boolean,
): Case =>
  story(number, title, async (at) => {
    filled ??= fill(at);
    const { owner, hashes } = await filled;
    const from = MESSAGES - left;
    const request = retrieve(owner, { ...limits, ...(from > 0 ? { last_hash: hashes[from - 1] } : {}) });
    const answer = await at.page(request);
    expect(answer.messages.map(({ hash }) => hash)).toEqual(hashes.slice(from, from + count));
    expect(answer.more).toBe(more);
  });

/** Cases that read a mailbox of 120 messages of 70,000 bytes. */
export const PAGES: readonly Case[] = [
  page(129, 'the first five', { max_count: 5 }, 5, true),
  page(130, 'eight where two are left', { max_count: 8, left: 2 }, 2, false),
  page(131, 'ten where ten are left', { max_count: 10, left: 10 }, 10, false),
  page(132, 'a hundred do not fit', { max_count: 100 }, 83, true),
  page(133, 'max_size 500000', { max_size: 500_000 }, 5, true),
  page(133, 'max_size 600000', { max_size: 600_000 }, 6, true),
  page(134, 'max_size -1', { max_size: -1 }, 83, true),
  page(134, 'max_size -3', { max_size: -3 }, 27, true),
  page(134, 'no max_size', {}, 16, true),
  page(135, 'sixteen are left', { left: 16 }, 16, false),
  page(136, 'five within max_size 1000000', { max_count: 5, max_size: 1_000_000 }, 5, true),
  page(137, 'ten within max_size 700000', { max_count: 10, max_size: 700_000 }, 7, true),
  page(138, 'max_size 1 gives one message', { max_size: 1 }, 1, true),
  page(139, 'limits of zero are none', { max_size: 0, max_count: 0 }, 16, true),
  page(140, 'max_size has a bound', { max_size: 99_999_999 }, 83, true),
  page(141, 'maxSize is no field', { maxSize: -2 }, 16, true),
];
