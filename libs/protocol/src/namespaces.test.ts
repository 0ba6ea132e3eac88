import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NAMESPACE_MAX, NAMESPACE_MIN, namespaceKind, namespaceText } from './namespaces.js';

const DAY_MS = 86_400_000;

describe('namespaceKind', () => {
  it.each([0, 10, -10, 30, 400, -1_230, 32_760, -32_760])(
    '%i is an inbox: anyone may deposit, for 14 days',
    (namespace) => {
      expect(namespaceKind(namespace)).toMatchObject({ inbox: true, storeNeedsAuth: false, maxTtlMs: 14 * DAY_MS });
    },
  );

  it.each([-1, -21, -41, -101, -981])('%i is an outbox: anyone may read, the owner stores', (namespace) => {
    expect(namespaceKind(namespace)).toEqual({
      inbox: false,
      outbox: true,
      unrevocable: false,
      storeNeedsAuth: true,
      retrieveNeedsAuth: false,
      maxTtlMs: 30 * DAY_MS,
    });
  });

  it.each([-11, -111, -12_311])('%i can be read by revoked subaccounts', (namespace) => {
    expect(namespaceKind(namespace)).toMatchObject({ outbox: false, unrevocable: true, retrieveNeedsAuth: true });
  });

  it.each([1, 5, 11, 21, 111, 42, -42, -2, -12, 32_767, -32_768])('%i is private', (namespace) => {
    expect(namespaceKind(namespace)).toEqual({
      inbox: false,
      outbox: false,
      unrevocable: false,
      storeNeedsAuth: true,
      retrieveNeedsAuth: true,
      maxTtlMs: 30 * DAY_MS,
    });
  });

  it('lets only -10 among the inboxes be read without a key', () => {
    expect(namespaceKind(-10).retrieveNeedsAuth).toBe(false);
    const tens = fc.integer({ min: -3_276, max: 3_276 }).filter((tenth) => tenth !== -1);
    fc.assert(fc.property(tens, (tenth) => namespaceKind(10 * tenth).retrieveNeedsAuth));
  });

  it('puts every namespace into at most one class', () => {
    fc.assert(
      fc.property(fc.integer({ min: NAMESPACE_MIN, max: NAMESPACE_MAX }), (namespace) => {
        const { inbox, outbox, unrevocable } = namespaceKind(namespace);
        return Number(inbox) + Number(outbox) + Number(unrevocable) <= 1;
      }),
    );
  });
});

describe('namespaceText', () => {
  it.each([
    [0, ''],
    [-0, ''],
    [5, '5'],
    [-10, '-10'],
  ])('writes %i as %j', (namespace, text) => {
    expect(namespaceText(namespace)).toBe(text);
  });
});
