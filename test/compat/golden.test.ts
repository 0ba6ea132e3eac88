import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { goldenNetworkFile, goldenNodeName, startNetwork, waitUntil, GOLDEN_SILENT, type TestNetwork } from '#testing';
import type { Findings } from './golden/compare.js';
import { ANSWERED_OTHERWISE, INTENDED, OF_THE_TEST } from './golden/intended.js';
import { Ledger } from './golden/ledger.js';
import { replay, SILENT_NODE, type ReplayNetwork } from './golden/replay.js';
import { send, type WireAnswer } from './golden/wire.js';
import { readTranscript, type GoldenExchange } from './golden/transcript.js';

const START_TIMEOUT_MS = 240_000;
/** The longest exchange waits for a message of the shortest life to expire, unless others passed that time. */
const EXCHANGE_TIMEOUT_MS = 40_000;
/** Where the recording has its outside server; it is part of encrypted requests and cannot be exchanges. */
const OUTSIDE_PORT = 22_999;

/** Exchanges that look at what became of a message some time after another exchange. */
const WAITS: Readonly<Record<string, string>> = { 'retr.exp_gone': 'retr.exp_setup' };

/** Groups whose exchanges name times of one another: as far apart as in the recording, however slow this machine is. */
const TIMED_TOGETHER: ReadonlySet<string> = new Set(['delbef']);

/** Messages that the recorded network held from exchanges that are not in the file: account and data. */
const HELD: Readonly<Record<string, readonly [string, string]>> = {
  'onion.retrieve_json': ['onion', Buffer.from('onion store').toString('base64')],
};

/** Stopped in the exchanges of the group `down`. */
const HANGING = '40bf00634287b1e0c1380058f90904592d2f09cf59a915720298db45ca55cced';

/** The table of what we decided to do otherwise. */
const DECISIONS = readFileSync(new URL('../../docs/protocol/storage-rpc.md', import.meta.url), 'utf8');

interface StoreBody {
  readonly swarm: Readonly<Record<string, object>>;
}

const { setup, exchanges } = readTranscript();
/** Those that wait come last: the others pass their time. None of them asks an account that another one asks. */
const inOrder = [
  ...exchanges.filter(({ id }) => WAITS[id] === undefined),
  ...exchanges.filter(({ id }) => WAITS[id] !== undefined),
];
/** The state that the network is in has another name than the recorded one. */
const renamed = (exchange: GoldenExchange, blockHash: string): GoldenExchange =>
  JSON.parse(JSON.stringify(exchange).replaceAll(setup.block_hash, blockHash)) as GoldenExchange;
describe('a node, asked what the C++ reference was asked,', () => {
  let network: TestNetwork;
  let outside: Server;
  let target: ReplayNetwork;
  let blockHash: string;
  const sentAtMs = new Map<string, number>();
  const ledger = new Ledger();

  beforeAll(async () => {
    outside = await startOutsideServer();
    network = await startNetwork({ networkFile: goldenNetworkFile(setup, [`127.0.0.1:${OUTSIDE_PORT}`]) });
    const nodeOf = (node: GoldenExchange['node']) =>
      network.node(typeof node === 'number' ? goldenNodeName(node) : node);
    target = {
      portOf: (node) => nodeOf(node).info.https_port,
      keysOf: (index) => (index === SILENT_NODE ? network.node(GOLDEN_SILENT) : nodeOf(index)),
    };
    blockHash = await blockHashOf(target.portOf(0));
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    const { STARLING_GOLDEN_REPORT: file } = process.env;
    if (file !== undefined) writeFileSync(file, JSON.stringify(ledger.sum()));
    await network.stop();
    await new Promise((resolve) => outside.close(resolve));
  }, START_TIMEOUT_MS);

  it.each(inOrder.map((exchange) => [exchange.id, exchange.note, exchange] as const))(
    'answers %s alike (%s)',
    async (id, _note, exchange) => {
      await waitAsRecorded(exchange);
      await storeWhatWasHeld(id);
      sentAtMs.set(id, Date.now());
      const asked = (): Promise<Findings> => replay(renamed(exchange, blockHash), setup, target, timeOf(exchange));
      const found = exchange.group === 'down' ? await whileMemberHangs(asked) : await asked();
      const otherwise = ANSWERED_OTHERWISE[id];
      ledger.enter(id, found, otherwise?.id);
      if (otherwise === undefined) expect(found.unexplained).toEqual([]);
      else expect({ otherwise, found: found.unexplained }).not.toEqual({ otherwise, found: [] }); // listed, so it must
    },
    EXCHANGE_TIMEOUT_MS,
  );

  it('differs in everything that is listed as intended', () => {
    for (const { id } of INTENDED) expect([id, ledger.timesMet(id) > 0]).toEqual([id, true]);
  });

  it('differs by decision only', () => {
    const ids = [...INTENDED, ...Object.values(ANSWERED_OTHERWISE)].map(({ id }) => id);
    for (const id of ids.filter((each) => each !== OF_THE_TEST)) expect(DECISIONS).toContain(`\n| ${id} `);
  });

  /** The member that was stopped in the recording; it works again when this returns. */
  async function whileMemberHangs<T>(work: () => Promise<T>): Promise<T> {
    const pid = network.nodes.find(({ ed25519 }) => ed25519 === HANGING)?.pids.relay;
    if (pid === undefined || pid === null) throw new Error('the member that hangs is not there');
    process.kill(pid, 'SIGSTOP');
    try {
      return await work();
    } finally {
      process.kill(pid, 'SIGCONT');
      await waitUntil('the member', EXCHANGE_TIMEOUT_MS, async () => {
        const params = { pubkey: setup.accounts.down?.pubkey, namespace: 7_770, ttl: 60_000, data: '' };
        const call = { method: 'store', params: { ...params, timestamp: Date.now() } };
        const { swarm } = JSON.parse((await post(target.portOf(0), call)).body.toString('utf8')) as StoreBody;
        expect(swarm[HANGING]).not.toHaveProperty('failed');
      });
    }
  }

  async function storeWhatWasHeld(id: string): Promise<void> {
    const [account = '', data] = HELD[id] ?? [];
    const pubkey = setup.accounts[account]?.pubkey;
    if (pubkey === undefined) return;
    const call = { method: 'store', params: { pubkey, timestamp: Date.now(), ttl: 86_400_000, data } };
    const { status } = await post(target.portOf(0), call);
    expect(status).toBe(200);
  }

  /** The client's clock. */
  function timeOf(exchange: GoldenExchange): number {
    if (!TIMED_TOGETHER.has(exchange.group)) return Date.now();
    const first = exchanges.find(({ group }) => group === exchange.group) ?? exchange;
    return (sentAtMs.get(first.id) ?? Date.now()) + exchange.t0 - first.t0;
  }

  /** At least as long after the earlier exchange as in the recording: the time itself is what is asked about. */
  async function waitAsRecorded(exchange: GoldenExchange): Promise<void> {
    const earlier = exchanges.find(({ id }) => id === WAITS[exchange.id]);
    if (earlier === undefined) return;
    const dueMs = (sentAtMs.get(earlier.id) ?? 0) + exchange.t0 - earlier.t0;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - Date.now())));
  }
});

const post = (port: number, call: object): Promise<WireAnswer> =>
  send({ port, method: 'POST', path: '/storage_rpc/v1', body: Buffer.from(JSON.stringify(call)) });

async function blockHashOf(port: number): Promise<string> {
  const call = {
    method: 'oxend_request',
    params: { endpoint: 'get_service_nodes', params: { fields: ['block_hash'] } },
  };
  const { body } = await post(port, call);
  return (JSON.parse(body.toString('utf8')) as { result: { block_hash: string } }).result.block_hash;
}

/** Says what the recorded server said: `teapot` paths answer 418. */
async function startOutsideServer(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const headers = { 'content-type': 'application/x-test', 'x-from-server': '1' };
      response.writeHead(request.url?.includes('teapot') === true ? 418 : 200, headers);
      response.end('relay says hello');
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(OUTSIDE_PORT, '127.0.0.1', resolve));
  return server;
}
