import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { findBinary, freePort, waitUntil } from '#testing';
import { CliUnderTest } from '../cli/cli-under-test.js';

const START_TIMEOUT_MS = 15_000;
const binary = findBinary(['redis-server', 'valkey-server']);
const itWithRedis = binary === null ? it.skip : it;

describe('docker/redis.conf with the users that `starling prepare` makes', () => {
  let cli: CliUnderTest;
  let server: ChildProcess | undefined;
  beforeEach(async () => void (cli = await CliUnderTest.create()));
  afterEach(async () => {
    await end('SIGKILL');
    await cli.remove();
  });

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }

  /** Starts it, and gives a connection as the user of the services. */
  async function start(port: number, password: string): Promise<Redis> {
    server = spawn(binary ?? '', [cli.path('redis.conf')], { stdio: 'ignore' });
    const options = { port, host: '127.0.0.1', username: 'starling', password, lazyConnect: true, retryStrategy: null };
    return waitUntil('Redis', START_TIMEOUT_MS, async () => {
      const client = new Redis(options);
      client.on('error', () => undefined); // connect() says it
      await client.connect();
      return client;
    });
  }

  itWithRedis.each(['SIGTERM', 'SIGKILL'] as const)(
    'has after %s what was written by scripts and alone, and lets nobody in as its default user',
    async (signal) => {
      await cli.json('prepare', '--dir', cli.path('setup'));
      const password = (await readFile(cli.path('setup/redis/password'), 'utf8')).trim();
      const port = await freePort();
      const written = await readFile(new URL('../../../docker/redis.conf', import.meta.url), 'utf8');
      const here = written
        .replace(/^dir .*$/m, `dir ${cli.home}\nport ${port}\nbind 127.0.0.1`)
        .replace(/^aclfile .*$/m, `aclfile ${cli.path('setup/redis/users.acl')}`);
      await writeFile(cli.path('redis.conf'), here);

      const before = await start(port, password);
      await before.set('starling:alone', '1');
      // What one script writes stands in the file as one transaction.
      const two = "redis.call('SET', KEYS[1], 4) redis.call('SET', KEYS[2], 5)";
      await before.eval(two, 2, 'starling:{x}:a', 'starling:{x}:b');
      before.disconnect();
      await end(signal);

      const after = await start(port, password);
      const names = ['starling:alone', 'starling:{x}:a', 'starling:{x}:b'];
      expect(await after.mget(names)).toEqual(['1', '4', '5']);
      after.disconnect();

      for (const command of ['GET starling:alone', 'AUTH default', `AUTH default ${password}`]) {
        expect(await answerTo(port, command)).toMatch(/^-(NOAUTH|WRONGPASS)/);
      }
    },
    2 * START_TIMEOUT_MS,
  );
});

/** What a stranger hears. */
async function answerTo(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${command}\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString();
}
