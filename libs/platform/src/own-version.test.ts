import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { ownVersion } from './own-version.js';

it('the version of this program is that of its package, and unknown where there is none', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
  expect(ownVersion()).toBe(version);
  expect(ownVersion(new URL('file:///nowhere/at/all.js'))).toBe('unknown');
});
