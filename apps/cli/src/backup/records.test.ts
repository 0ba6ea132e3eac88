import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { companionsOf } from './mailbox-keys.js';
import { placesOf } from './node-files.js';
import { decodeRecords, encodeRecord, piecesOf } from './records.js';
import type { BackupRecord } from './records.js';

const bytes = fc.uint8Array({ maxLength: 40 }).map((each) => Buffer.from(each));
const pairs = fc.array(fc.tuple(bytes, bytes), { minLength: 1, maxLength: 6 }).map((each) => each.flat());
const name = fc.string({ minLength: 1, maxLength: 20 });
const expiry = fc.option(fc.nat());
const records: fc.Arbitrary<BackupRecord> = fc.oneof(
  fc.record({ kind: fc.constant('manifest' as const), madeMs: fc.nat(), program: fc.string() }),
  fc.record({ kind: fc.constant('file' as const), name, bytes }),
  fc.record({ kind: fc.constant('group' as const), names: fc.array(name, { minLength: 1 }) }),
  fc.record({
    kind: fc.constant('key' as const),
    key: fc.record({
      name,
      kind: fc.constantFrom('hash' as const, 'zset' as const),
      expiresAtMs: expiry,
      items: pairs,
    }),
  }),
  fc.record({ kind: fc.constant('end' as const), files: fc.nat(), groups: fc.nat(), keys: fc.nat() }),
);

/** Bytes in parts of given lengths, again and again. */
async function* cut(whole: Buffer, lengths: readonly number[]): AsyncGenerator<Buffer> {
  for (let at = 0, turn = 0; at < whole.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    yield await Promise.resolve(whole.subarray(at, at + length));
    at += length;
  }
}

async function decoded(parts: AsyncIterable<Buffer>): Promise<BackupRecord[]> {
  const found: BackupRecord[] = [];
  for await (const record of decodeRecords(parts)) found.push(record);
  return found;
}

describe('records of a backup', () => {
  it('are read back as they were written, wherever the parts end', async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(records), lengths, async (written, cuts) => {
        const whole = Buffer.concat(written.map(encodeRecord));
        expect(await decoded(cut(whole, cuts))).toEqual(written);
      }),
    );
  });

  it('are refused when the last one is not whole, or none can be so large', async () => {
    const whole = encodeRecord({ kind: 'file', name: 'x', bytes: Buffer.from('content') });
    await expect(decoded(cut(whole.subarray(0, -1), [5]))).rejects.toThrow('does not know');
    await expect(decoded(cut(Buffer.alloc(8, 0xff), [8]))).rejects.toThrow('does not know');
  });
});

describe('the pieces of a key', () => {
  it('hold all of it in order, whole pairs each, and none is much larger than a piece', () => {
    const items = Array.from({ length: 60 }, (_, at) => Buffer.alloc(at % 2 === 0 ? 8 : 70_000, at));
    const pieces = [...piecesOf({ name: 'a', kind: 'hash', expiresAtMs: 5, items })];
    expect(pieces.flatMap((piece) => piece.items)).toEqual(items);
    for (const piece of pieces) {
      expect(piece).toMatchObject({ name: 'a', kind: 'hash', expiresAtMs: 5 });
      expect(piece.items.length % 2).toBe(0);
      expect(Buffer.concat([...piece.items]).length).toBeLessThan(700_000);
    }
    expect([...piecesOf({ name: 'w', kind: 'string', expiresAtMs: null, items: [Buffer.alloc(0)] })]).toHaveLength(1);
  });
});

describe('what belongs together', () => {
  it('is every key of an account, in the same order whichever is met', () => {
    const all = companionsOf('{A}:i');
    expect(all).toEqual(['{A}:i', '{A}:m', '{A}:o', '{A}:e', '{A}:t', '{A}:r', '{A}:w']);
    for (const one of all) expect(companionsOf(one)).toEqual(all);
    for (const other of ['due:{3}', '{A}:x', '{A}:ii', 'x']) expect(companionsOf(other)).toEqual([other]);
  });
});

describe('the place of a file', () => {
  const stateFolders = [{ setting: 'SWARM_MANAGER_STATE_DIR', path: '/state' }];
  const facts = { stateFolders, keys: [] } as unknown as Parameters<typeof placesOf>[0];

  it('is in the folder of its service, or nowhere', () => {
    expect(placesOf(facts, 'swarm-manager/a/b.json')).toEqual(['/state/a/b.json']);
    expect(placesOf(facts, 'relay/cert.pem')).toEqual([]);
  });

  it.each(['swarm-manager/../x', 'swarm-manager', 'relay//etc/passwd'])('is never outside of it: %s', (odd) => {
    expect(() => placesOf(facts, odd)).toThrow('odd name');
  });
});
