import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OtherVersion } from '#protocol';
import { PeerContract } from './peer-contract.js';

const OWN = 5;

/** As the head of an answer has it, with the line in the middle or at the end. */
const headWith = (line: string): string[] => [
  `HTTP/1.1 200 OK\r\ncontent-length: 0\r\n${line}\r\nConnection: keep-alive`,
  `HTTP/1.1 200 OK\r\ncontent-length: 0\r\n${line}`,
];

function contract() {
  const met: OtherVersion[] = [];
  return { met, ours: new PeerContract((other) => met.push(other), OWN) };
}

describe('the contract of the peer port', () => {
  it.each([
    [OWN - 2, false, 'older'],
    [OWN - 1, true, 'older'],
    [OWN, true, undefined],
    [OWN + 1, true, 'newer'],
    [OWN + 2, false, 'newer'],
    [999, false, 'newer'],
  ])('judges version %d the same way in requests and answers', (version, isUsed, relation) => {
    const { met, ours } = contract();
    const judged = [
      ours.serves(String(version)),
      ...headWith(`x-contract: ${version}`).map((head) => ours.uses(200, head)),
      ...headWith(`X-Contract:${version} `).map((head) => ours.uses(503, head)),
    ];
    expect(new Set(judged)).toEqual(new Set([isUsed]));
    const other = { version, relation, outcome: isUsed ? 'used' : 'refused' };
    expect(met).toEqual(relation === undefined ? [] : judged.map(() => other));
  });

  it('takes who names none for the first', () => {
    const first = new PeerContract(undefined, 1);
    expect([first.serves(undefined), first.uses(200, 'HTTP/1.1 200 OK')]).toEqual([true, true]);
    const { met, ours } = contract();
    expect([ours.serves(undefined), ours.uses(200, 'HTTP/1.1 200 OK')]).toEqual([false, false]);
    expect(met.map(({ version, relation }) => [version, relation])).toEqual([
      [1, 'older'],
      [1, 'older'],
    ]);
  });

  it('reads nothing into a refusal that comes from below our code', () => {
    const { met, ours } = contract();
    expect(ours.uses(400, 'HTTP/1.1 400 Bad Request\r\nConnection: close')).toBe(true);
    expect(met).toEqual([]);
  });

  it('refuses whatever is no version, as one that it does not know yet', () => {
    const isVersion = (text: string): boolean => /^[1-9]\d{0,2}$/.test(text);
    const oddities = fc.oneof(
      fc.constantFrom('0', '05', '-5', '5.0', '5, 5', '1000', 'five', ''),
      fc.string().filter((text) => !isVersion(text)),
    );
    fc.assert(
      fc.property(oddities, (text) => {
        const { met, ours } = contract();
        expect(ours.serves(text)).toBe(false);
        expect(met).toEqual([{ version: null, relation: 'newer', outcome: 'refused' }]);
      }),
    );
    expect(contract().ours.serves(['5', '5'])).toBe(false);
    expect(headWith('x-contract: 5, 5').map((head) => contract().ours.uses(200, head))).toEqual([false, false]);
  });
});
