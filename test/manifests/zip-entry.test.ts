import { describe, expect, it } from '@jest/globals';
import { zipEntry } from './zip-entry.js';

/** Made with Python's zipfile: the folder a, and in it one (`first ` twenty times) and two (`second ` twenty times). */
const ARCHIVE = Buffer.from(
  'UEsDBBQAAAAIAIeZeV0AAAAAAgAAAAAAAAACAAAAYS8DAFBLAwQUAAAACACHmXld1to/VQsAAAB4AAAABQAAAGEvb25lS8ssKi5RSKM7CQBQSwMEFAAAAAgAh5l5XRtk8dAMAAAAjAAAAAUAAABhL3R3bytOTc7PS1EoHgwUAFBLAQIUAxQAAAAIAIeZeV0AAAAAAgAAAAAAAAACAAAAAAAAAAAAEAD9QQAAAABhL1BLAQIUAxQAAAAIAIeZeV3W2j9VCwAAAHgAAAAFAAAAAAAAAAAAAACAASIAAABhL29uZVBLAQIUAxQAAAAIAIeZeV0bZPHQDAAAAIwAAAAFAAAAAAAAAAAAAACAAVAAAABhL3R3b1BLBQYAAAAAAwADAJYAAAB/AAAAAAA=',
  'base64',
);

describe('a file of a zip archive', () => {
  it.each([
    ['a/one', 'first '.repeat(20)],
    ['a/two', 'second '.repeat(20)],
  ])('is unpacked: %s', (name, text) => {
    expect(zipEntry(ARCHIVE, name).toString()).toBe(text);
  });

  it('is told when it is not there, or when there is no archive', () => {
    expect(() => zipEntry(ARCHIVE, 'a/three')).toThrow('has no a/three');
    expect(() => zipEntry(Buffer.from('no archive, but long enough for its end'), 'a/one')).toThrow('no zip archive');
  });
});
