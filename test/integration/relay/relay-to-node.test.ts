import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SystemClock } from '#platform';
import { decodeHopFrame } from '#protocol';
import { TlsPeerTransport, type PeerHandlers } from '#transport';
import { hex } from '../../vectors/onion-vectors.js';
import { post } from './https-client.js';
import { INFO_REPLY, answer } from './node-stub.js';
import { Layer, ONION_PATH, ask } from './onion-client.js';
import { VectorNetwork, nodeVector, record, startPeer, vectors } from './vector-network.js';

const INFO = '{"method":"info","params":{}}';
const MIDDLE = nodeVector('middle');
const ENTRY_ID = nodeVector('entry').ed25519_pubkey;

describe('relaying to another node', () => {
  let network: VectorNetwork;
  let port: number;
  let stopPeer = (): Promise<void> => Promise.resolve();

  beforeAll(async () => {
    const limits = { entryMs: 1_500, hopMs: 1_500, marginMs: 100 };
    network = await VectorNetwork.start(['entry', 'exit'], () => ({ limits }));
    port = network.relay('entry').httpsPort;
  });
  afterEach(() => stopPeer());
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
  });

  /** Puts a stub in the place of the middle node. */
  const nextHop = async (onion: PeerHandlers['onion']): Promise<void> => {
    const peer = await startPeer(MIDDLE, [ENTRY_ID], { onion });
    stopPeer = peer.stop;
    await network.publish([record(MIDDLE, { peerPort: peer.port })]);
  };
  const reply = (status: number, body: string | Uint8Array) => Promise.resolve({ status, body: Buffer.from(body) });
  const toMiddle = (destination = MIDDLE.ed25519_pubkey) => {
    const control = { destination, ...new Layer('middle').opener };
    return post(port, ONION_PATH, new Layer('entry').frame('sealed for the next', control));
  };

  it.each(vectors.onion_requests.filter((vector) => vector.path.length > 1))(
    'R1, R15: $name leaves as the vector says',
    async (vector) => {
      let frame = new Uint8Array();
      await nextHop((bytes) => {
        frame = bytes.slice();
        return reply(200, 'x');
      });
      expect((await post(port, ONION_PATH, hex(vector.entry_body))).status).toBe(200);
      const action = vector.hops[0]?.action;
      expect(Buffer.from(frame).toString('hex')).toBe(
        action?.type === 'relay-to-node' ? action.sn_onion_request_frame : '',
      );
    },
  );

  it.each([
    ['R2', {}, 'ab'.repeat(32)],
    ['R5', {}, 'AB'.repeat(32)],
  ])('%s: names an unknown next node in lower case', async (_number, _changes, destination) => {
    await network.publish();
    const answered = await toMiddle(destination);
    expect([answered.status, answered.reason, answered.headers['content-type']]).toEqual([
      502,
      'Bad Gateway',
      'text/plain',
    ]);
    expect(answered.text).toBe(`Next node not found: ${'ab'.repeat(32)}`);
  });

  it.each([{ ip: '0.0.0.0' }, { peerPort: 0 }])('R3: names a next node without contact data (%j)', async (changes) => {
    await network.publish([record(MIDDLE, changes)]);
    const answered = await toMiddle();
    expect([answered.status, answered.text]).toEqual([
      502,
      `Next node is currently unreachable: ${MIDDLE.ed25519_pubkey}`,
    ]);
  });

  it('R4, R5: forwards to a decommissioned node, named in upper case', async () => {
    const peer = await startPeer(MIDDLE, [ENTRY_ID], { onion: () => reply(200, 'still here') });
    stopPeer = peer.stop;
    await network.publish([record(MIDDLE, { peerPort: peer.port, state: 'decommissioned' })]);
    expect((await toMiddle(MIDDLE.ed25519_pubkey.toUpperCase())).text).toBe('still here');
  });

  it.each([
    ['R6', 200, 'bytes \u0000 and all', 200],
    ['R7', 502, 'Next node not found: x', 502],
    ['R8', 425, 'b', 500],
    ['R8', 201, 'b', 500],
    ['421', 421, 'b', 421],
    ['an empty body', 503, '', 503],
  ])('%s: passes %i back', async (_number, status, body, expected) => {
    await nextHop(() => reply(status, body));
    const answered = await toMiddle();
    expect([answered.status, answered.text, answered.headers['content-type']]).toEqual([expected, body, 'text/plain']);
  });

  it('R12: passes 8 MiB back', async () => {
    const body = Buffer.alloc(8 * 1024 * 1024, 1);
    await nextHop(() => reply(200, body));
    expect((await toMiddle()).body.equals(body)).toBe(true);
  });

  it('R11: gives up on a silent node in time, and lets the late answer go', async () => {
    let answerLate = (): void => undefined;
    await nextHop(
      () => new Promise((resolve) => (answerLate = () => resolve({ status: 200, body: Buffer.from('late') }))),
    );
    const started = performance.now();
    const answered = await toMiddle();
    expect([answered.status, answered.reason, answered.text]).toEqual([504, 'Gateway Timeout', 'Request time out']);
    expect(performance.now() - started).toBeLessThan(1_500);
    answerLate();
  });

  it('onion.next_unreachable2: has the same words for a node that does not listen', async () => {
    await network.publish([record(MIDDLE, { peerPort: 1 })]);
    const answered = await toMiddle();
    expect([answered.status, answered.text]).toEqual([504, 'Request time out']);
  });

  it('does not talk to a node with another key at the same place', async () => {
    const impostor = await startPeer(nodeVector('destination'), [ENTRY_ID], { onion: () => reply(200, 'mine') });
    stopPeer = impostor.stop;
    await network.publish([record(MIDDLE, { peerPort: impostor.port })]);
    expect((await toMiddle()).status).toBe(504);
  });

  it('R16: frees the place of a client that leaves', async () => {
    let arrived = (): void => undefined;
    const seen = new Promise<void>((resolve) => (arrived = resolve));
    await nextHop(() => {
      arrived();
      return reply(200, 'x');
    });
    const control = { destination: MIDDLE.ed25519_pubkey, ...new Layer('middle').opener };
    const aborter = new AbortController();
    const left = post(port, ONION_PATH, new Layer('entry').frame('x', control), { signal: aborter.signal });
    await seen;
    aborter.abort();
    await expect(left).rejects.toThrow();
    expect((await toMiddle()).status).toBe(200);
    expect(await network.relay('entry').metrics()).toMatch(/^relay_requests_in_flight 0$/m);
  });

  it('R18: works on itself when it is the next node, too', async () => {
    await network.publish();
    const { inner } = await ask(port, ['entry', 'entry', 'entry'], INFO);
    expect(inner).toBe(JSON.stringify({ body: INFO_REPLY, status: 200 }));
  });

  it('R14: a path through itself ends at the hop limit', async () => {
    const answered = await ask(port, ['entry', 'entry'], INFO, { hopNo: 15 });
    expect([answered.status, answered.text]).toEqual([400, 'onion request max path length exceeded']);
  });

  describe('as the node after another', () => {
    let transport: TlsPeerTransport;
    const toExit = (frame: Uint8Array, timeoutMs = 1_000) =>
      transport.onion(
        { ed25519: nodeVector('exit').ed25519_pubkey, ip: '127.0.0.1', peerPort: network.relay('exit').peerPort },
        frame,
        timeoutMs,
      );

    beforeAll(async () => {
      transport = new TlsPeerTransport(hex(MIDDLE.ed25519_seed), new SystemClock());
      await network.publish([record(MIDDLE, {})]);
    });
    afterAll(() => transport.close());

    it.each(vectors.sn_onion_request_frames)('N4, R14: $name', async ({ frame, expect: wanted }) => {
      const { status, body } = await toExit(hex(frame));
      const text = Buffer.from(body).toString();
      if (wanted.reply !== undefined) expect([`${status}`, text]).toEqual(wanted.reply);
      else if (wanted.reply_prefix !== undefined) {
        expect(`${status}`).toBe(wanted.reply_code);
        expect(text.startsWith(wanted.reply_prefix)).toBe(true);
      } else expect([status, text]).toEqual([400, 'Invalid ciphertext']); // read, but made for nobody
    });

    it('R13: accepts hop number 15', () => {
      expect(
        decodeHopFrame(hex(vectors.sn_onion_request_frames.find(({ name }) => name === 'hop-no-15')?.frame ?? ''))
          .hopNo,
      ).toBe(15);
    });

    it('N6: names itself when it is not ready', async () => {
      const { exit } = { exit: nodeVector('exit') };
      await network.publish([
        record(MIDDLE, {}),
        record(exit, { state: 'decommissioned', peerPort: network.relay('exit').peerPort }),
      ]);
      const { status, body } = await toExit(hex(vectors.sn_onion_request_frames[0]?.frame ?? ''));
      expect([status, Buffer.from(body).toString()]).toEqual([503, `Snode not ready: ${exit.ed25519_pubkey}`]);
      await network.publish([record(MIDDLE, {})]);
    });

    it('hands commands of members to storage, and its answer back', async () => {
      const storage = network.relay('exit').node;
      storage.answerer = () => answer(200, 'json', 'd1:ai1ee');
      const address = {
        ed25519: nodeVector('exit').ed25519_pubkey,
        ip: '127.0.0.1',
        peerPort: network.relay('exit').peerPort,
      };
      const replied = await transport.command(address, 'store', Buffer.from('d1:bi2ee'), 1_000);
      expect([replied.status, Buffer.from(replied.body).toString()]).toEqual([200, 'd1:ai1ee']);
      const call = storage.calls.at(-1);
      expect([call?.source, call?.method, Buffer.from(call?.body ?? []).toString()]).toEqual([
        'peer',
        'store',
        'd1:bi2ee',
      ]);
      expect(call?.budgetMs).toBeLessThan(1_000);
    });

    it('refuses a node that is not in the list', async () => {
      const stranger = new TlsPeerTransport(hex(nodeVector('destination').ed25519_seed), new SystemClock());
      const address = {
        ed25519: nodeVector('exit').ed25519_pubkey,
        ip: '127.0.0.1',
        peerPort: network.relay('exit').peerPort,
      };
      await expect(stranger.onion(address, new Uint8Array(1), 1_000)).rejects.toThrow();
      await stranger.close();
    });
  });
});
