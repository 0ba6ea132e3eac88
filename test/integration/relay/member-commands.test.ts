import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CommandCall } from '#contracts';
import { SystemClock } from '#platform';
import { TlsPeerTransport, type PeerAddress, type PeerReply } from '#transport';
import { hex } from '../../vectors/onion-vectors.js';
import { nodeVector, record, VectorNetwork } from './vector-network.js';

/** A NATS server and relays, on a busy machine. */
const START_TIMEOUT_MS = 30_000;
const BUDGET_MS = 10_000;
const MEMBER = nodeVector('middle');
const PLACES = 4;
const BUSY = '503 Server busy, try again later';

describe('commands of another member', () => {
  let network: VectorNetwork;
  let member: TlsPeerTransport;
  let address: PeerAddress;

  beforeAll(async () => {
    network = await VectorNetwork.start(['entry'], () => ({ limits: { requests: PLACES } }));
    await network.publish([record(MEMBER, {})]);
    member = new TlsPeerTransport(hex(MEMBER.ed25519_seed), new SystemClock());
    const { peerPort } = network.relay('entry');
    address = { ed25519: nodeVector('entry').ed25519_pubkey, ip: '127.0.0.1', peerPort };
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await member.close();
    await network.stop();
  });

  /** In one turn, and so in one request. */
  const send = async (...methods: readonly string[]): Promise<string[]> => {
    const replies = methods.map((method) => member.command(address, method, Buffer.from(`de${method}`), BUDGET_MS));
    return (await Promise.all(replies)).map(wordsOf);
  };
  const wordsOf = ({ status, body }: PeerReply): string => `${status} ${Buffer.from(body).toString()}`;
  const stub = () => network.relay('entry').node;

  it('that come in one request reach storage in one message, with less time, and each gets its answer', async () => {
    const heard: CommandCall[] = [];
    stub().commandAnswerer = (call) => {
      heard.push(call);
      return Promise.resolve(call.commands.map(({ method }) => ({ status: 200, body: Buffer.from(`for ${method}`) })));
    };
    expect(await send('store', 'delete', 'expire')).toEqual(['200 for store', '200 for delete', '200 for expire']);
    expect(heard).toHaveLength(1);
    expect(heard[0]?.from).toBe(MEMBER.ed25519_pubkey);
    expect(heard[0]?.commands.map(({ method, params }) => [method, Buffer.from(params).toString()])).toEqual([
      ['store', 'destore'],
      ['delete', 'dedelete'],
      ['expire', 'deexpire'],
    ]);
    for (const { budgetMs } of heard[0]?.commands ?? []) expect(budgetMs).toBeLessThan(BUDGET_MS);
  });

  it('that storage did not finish are told to come again; those beside them are answered', async () => {
    stub().commandAnswerer = () => Promise.resolve([null, { status: 401, body: Buffer.from('no') }]);
    expect(await send('store', 'delete')).toEqual([BUSY, '401 no']);
  });

  it('for which there is no place are told so; the others are done', async () => {
    stub().commandAnswerer = ({ commands }) =>
      Promise.resolve(commands.map(() => ({ status: 200, body: Buffer.of() })));
    const replies = await send('1', '2', '3', '4', '5', '6');
    expect(replies).toEqual([...Array.from({ length: PLACES }, () => '200 '), BUSY, BUSY]);
    expect(await send('again')).toEqual(['200 ']);
  });

  it('are told to come again while there is no storage', async () => {
    await stub().stopStorage();
    expect(await send('store', 'delete')).toEqual([BUSY, BUSY]);
    stub().startStorage();
  });

  it('count one by one', async () => {
    const text = await network.relay('entry').metrics();
    expect(text).toMatch(/^relay_rpc_total\{source="peer",status="2xx"\} 8$/m);
    expect(text).toMatch(/^relay_rpc_total\{source="peer",status="4xx"\} 1$/m);
    expect(text).toMatch(/^relay_rpc_total\{source="peer",status="5xx"\} 3$/m);
    expect(text).toMatch(/^relay_refusals_total\{reason="busy"\} 2$/m);
    expect(text).toMatch(/^relay_requests_in_flight 0$/m);
  });
});
