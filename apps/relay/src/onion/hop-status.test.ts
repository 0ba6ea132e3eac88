import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hopStatus } from './hop-status.js';

const KEPT = [200, 400, 401, 403, 404, 406, 410, 413, 421, 429, 502, 503, 504];

describe('hopStatus', () => {
  it.each(KEPT)('keeps %i', (status) => {
    expect(hopStatus(status)).toBe(status);
  });

  it.each([201, 204, 301, 302, 418, 425, 500, 501, 507, 0, -1, NaN])('makes 500 of %p', (status) => {
    expect(hopStatus(status)).toBe(500);
  });

  it('changes nothing the second time', () => {
    fc.assert(fc.property(fc.integer(), (status) => hopStatus(hopStatus(status)) === hopStatus(status)));
  });
});
