import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { commonSettings } from './common-settings.js';
import { ConfigError } from './config-error.js';
import { readConfig } from './read-config.js';
import { caSetting, mustAskForPassword } from './server-access.js';
import { secret } from './settings.js';

const schema = z.strictObject({
  ...commonSettings('TEST_', 9_000),
  TEST_REDIS_URL: z.string().default('redis://127.0.0.1:6379'),
  TEST_REDIS_PASSWORD: secret('password'),
  TEST_REDIS_CA_FILE: caSetting('Redis'),
});

function problemsOf(given: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(schema, 'TEST_', { TEST_KEY_FILE: 'node.key', ...given });
    return [];
  } catch (cause) {
    if (cause instanceof ConfigError) return cause.problems;
    throw cause;
  }
}

describe('a service without a password', () => {
  it.each(['nats://127.0.0.1:4222', 'nats://127.8.0.1', 'nats://localhost', 'nats://[::1]:4222'])(
    'may talk to %s',
    (url) => {
      expect(problemsOf({ TEST_NATS_URL: url })).toEqual([]);
      expect(mustAskForPassword(url, false)).toBe(false);
    },
  );

  it.each(['nats://10.0.0.5', 'tls://nats.example.org', 'nats://[fd00::1]', 'nats://0.0.0.0', 'nats://user@nats'])(
    'does not start with %s, unless it is told that nothing else reaches that',
    (url) => {
      expect(problemsOf({ TEST_NATS_URL: url })).toEqual([
        expect.stringMatching(
          /^TEST_NATS_PASSWORD: is not set, and the server is on another machine.*; set it, or TEST_/,
        ),
      ]);
      expect(problemsOf({ TEST_NATS_URL: url, TEST_OPEN_SERVERS: 'true' })).toEqual([]);
      expect(mustAskForPassword(url, false)).toBe(true);
      expect(mustAskForPassword(url, true)).toBe(false);
    },
  );

  it('needs one for each server, of a cluster too, in whichever way it is given', () => {
    const cluster = 'redis://127.0.0.1:7000,redis://10.0.0.5:7000';
    expect(problemsOf({ TEST_REDIS_URL: cluster, TEST_NATS_URL: 'nats://nats' })).toHaveLength(2);
    expect(problemsOf({ TEST_REDIS_URL: cluster, TEST_REDIS_PASSWORD: 'secret' })).toEqual([]);
    expect(problemsOf({ TEST_NATS_URL: 'nats://user:secret@nats:4222' })).toEqual([]);
    expect(mustAskForPassword(cluster, false)).toBe(true);
  });
});

describe('a file with a certificate', () => {
  it('belongs to an address with TLS', () => {
    const given = { TEST_NATS_CA_FILE: 'ca.pem', TEST_NATS_PASSWORD: 'secret' };
    expect(problemsOf({ ...given, TEST_NATS_URL: 'tls://nats:4222' })).toEqual([]);
    expect(problemsOf({ ...given, TEST_NATS_URL: 'nats://nats:4222' })).toEqual([
      'TEST_NATS_CA_FILE: has no use, since the address does not begin with tls://; correct TEST_NATS_URL, or remove it',
    ]);
    expect(problemsOf({ TEST_REDIS_CA_FILE: 'ca.pem', TEST_REDIS_URL: 'rediss://127.0.0.1' })).toEqual([]);
  });
});
