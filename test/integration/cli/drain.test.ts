import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startNats } from '#testing';
import { ownBeginning } from '../../../libs/platform/src/lifecycle/process-beginning.js';
import { post } from '../relay/https-client.js';
import { answer, INFO_REPLY, NodeStub } from '../relay/node-stub.js';
import { RelayProcess } from '../relay/relay-process.js';
import { accountOf, nodeVector, record, snapshotOf } from '../relay/vector-network.js';
import { CliUnderTest } from './cli-under-test.js';

const TEST_TIMEOUT_MS = 90_000;
const RPC_PATH = '/storage_rpc/v1';
const INFO = '{"method":"info","params":{}}';

describe('starling drain', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });

  async function aCli(): Promise<CliUnderTest> {
    const cli = await CliUnderTest.create();
    ends.push(() => cli.remove());
    return cli;
  }

  it(
    'returns when the relay has answered what it had in its hands, and has ended in order',
    async () => {
      const nats = await startNats({ accounts: [accountOf('exit')] });
      ends.push(() => nats.stop());
      const node = await NodeStub.connect(nats.url, accountOf('exit'));
      ends.push(() => node.close());
      const relay = await RelayProcess.start('exit', nats.url, { RELAY_WORKERS: '2' });
      ends.push(() => relay.remove());
      const { httpsPort, peerPort } = relay;
      node.publish(snapshotOf([record(nodeVector('exit'), { httpsPort, peerPort })]));
      await relay.ready();
      const arrived = new Promise<() => void>((resolve) => {
        node.answerer = () => new Promise((reply) => resolve(() => reply(answer(200, 'json', INFO_REPLY))));
      });
      const running = post(httpsPort, RPC_PATH, INFO);
      const release = await arrived;

      const cli = await aCli();
      const draining = cli.json('drain', '--admin', relay.adminUrl);
      await relay.logged('public_port_draining');
      await expect(post(httpsPort, RPC_PATH, INFO)).rejects.toThrow('ECONNREFUSED');
      release();
      expect((await running).status).toBe(200);
      expect(await draining).toEqual({ drained: true, pid: relay.pid });
      expect(await relay.ended).toBe(0);
    },
    TEST_TIMEOUT_MS,
  );

  /** Something that answers on a port as an admin port does; this very process is what it names. */
  async function anAdminPort(live: object, metrics: string): Promise<string> {
    const server: Server = createServer(({ url }, reply) =>
      reply.end(url === '/metrics' ? metrics : JSON.stringify(live)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => new Promise((resolve) => server.close(resolve)));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it.each([
    [
      'another machine',
      { pid: process.pid, began: '1' },
      'relay_requests_in_flight 0',
      /is not a process of this machine/,
    ],
    ['another service', { pid: process.pid, began: ownBeginning() }, 'storage_swarm_members 1', /is no relay/],
    ['another version', { status: 'ok' }, 'relay_requests_in_flight 0', /is no service of this version/],
    ['a system that tells no beginning', { pid: process.pid, began: null }, '', /send SIGTERM to \d+ yourself/],
  ])(
    'sends no signal to the process of %s',
    async (_name, live, metrics, words) => {
      const cli = await aCli();
      const { code, stderr } = await cli.run('drain', '--admin', await anAdminPort(live, metrics));
      expect(code).toBe(1);
      expect(stderr).toMatch(words); // the process that was named is this one, and goes on
    },
    TEST_TIMEOUT_MS,
  );

  it('says what is wrong when nothing answers, or the address is none', async () => {
    const cli = await aCli();
    expect((await cli.run('drain', '--admin', '127.0.0.1:1')).stderr).toMatch(
      /Nothing answers at http:\/\/127\.0\.0\.1:1/,
    );
    expect(await cli.run('drain', '--admin', 'ftp://x')).toMatchObject({ code: 2 });
  });
});
