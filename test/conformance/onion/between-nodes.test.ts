import { connect, type ConnectionOptions } from 'node:tls';
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SystemClock } from '#platform';
import { encodeHopFrame } from '#protocol';
import { PeerUnreachable, TlsPeerTransport } from '#transport';
import { NodeCertificate } from '../../../libs/transport/src/identity.js';
import { answer } from '../../integration/relay/node-stub.js';
import { VectorNetwork, nodeVector, record, vectors } from '../../integration/relay/vector-network.js';
import { hex } from '../../vectors/onion-vectors.js';
import { peerAddress } from './peer-address.js';

const MIDDLE = nodeVector('middle');
const EXIT = nodeVector('exit');
const INTERNAL_ERROR = 'Invalid internal onion request: ';

const certificateOf = (name: string): ConnectionOptions =>
  new NodeCertificate(hex(nodeVector(name).ed25519_seed), new SystemClock()).options;

/** What comes back, to the end of the connection, when bytes are sent at once after the handshake. */
function sendRaw(port: number, tls: ConnectionOptions, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...tls });
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => (received += text));
    socket.on('error', () => undefined).on('close', () => resolve(received));
    socket.on('secureConnect', () => socket.write(bytes));
  });
}

describe('the peer port of a relay', () => {
  let network: VectorNetwork;
  let transport: TlsPeerTransport;
  const port = () => network.relay('exit').peerPort;
  const toExit = async (frame: Uint8Array): Promise<[number, string]> => {
    const { status, body } = await transport.onion(peerAddress('exit', port()), [frame], 5_000);
    return [status, Buffer.from(body).toString()];
  };

  beforeAll(async () => {
    network = await VectorNetwork.start(['exit']);
    transport = new TlsPeerTransport(hex(MIDDLE.ed25519_seed), new SystemClock());
    await network.publish([record(MIDDLE, {})]);
  });
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await transport.close();
    await network.stop();
  });

  it('N1 answers the ping of a known node', async () => {
    await expect(transport.ping(peerAddress('exit', port()), 5_000)).resolves.toBeUndefined();
  });

  it('N2 does not listen to a node that is in no list', async () => {
    const stranger = new TlsPeerTransport(hex(nodeVector('destination').ed25519_seed), new SystemClock());
    const frame = hex(vectors.sn_onion_request_frames[0]?.frame ?? '');
    await expect(stranger.onion(peerAddress('exit', port()), [frame], 5_000)).rejects.toBeInstanceOf(PeerUnreachable);
    await expect(stranger.ping(peerAddress('exit', port()), 5_000)).rejects.toBeInstanceOf(PeerUnreachable);
    await stranger.close();
  });

  it('N2 does not listen to a node that lost its place', async () => {
    await network.publish([record(MIDDLE, { state: 'decommissioned' })]);
    await expect(toExit(new Uint8Array(1))).rejects.toBeInstanceOf(PeerUnreachable);
    await network.publish([record(MIDDLE, {})]);
    await transport.close(); // what is left alone for a moment after a failure is a peer of this object
  });

  it.each<[string, () => ConnectionOptions]>([
    ['without a certificate', () => ({})],
    ['with the key of a stranger', () => certificateOf('destination')],
  ])('N2 answers nothing to whoever comes %s', async (_what, tls) => {
    const before = network.relay('exit').node.calls.length;
    const text = 'POST /v1/ping HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n';
    expect(await sendRaw(port(), tls(), text)).toBe('');
    expect(network.relay('exit').node.calls).toHaveLength(before);
  });

  it('N3 knows no other routes', async () => {
    for (const [method, path] of [
      ['POST', '/v1/nope'],
      ['GET', '/v1/ping'],
      ['POST', '/onion_req/v2'],
    ]) {
      const tls = certificateOf('middle');
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const options = {
          ...tls,
          host: '127.0.0.1',
          port: port(),
          method,
          path,
          rejectUnauthorized: false,
          agent: false,
        };
        request(options, (incoming) => resolve(incoming.resume().statusCode))
          .on('error', reject)
          .end();
      });
      expect([path, status]).toEqual([path, 404]);
    }
  });

  it.each(vectors.sn_onion_request_frames)('N4 reads or refuses the frame $name', async ({ frame, expect: wanted }) => {
    const [status, text] = await toExit(hex(frame));
    if (wanted.reply !== undefined) expect([`${status}`, text]).toEqual(wanted.reply);
    else if (wanted.reply_prefix !== undefined) {
      expect(`${status}`).toBe(wanted.reply_code);
      expect(text.startsWith(wanted.reply_prefix)).toBe(true);
    } else expect([status, text]).toEqual([400, 'Invalid ciphertext']); // read, but made for nobody
  });

  it.each(['hop-no-15', 'hop-no-16'])('R13 takes 15 hops and no more (%s)', async (name) => {
    const vector = vectors.sn_onion_request_frames.find((each) => each.name === name);
    const words = name === 'hop-no-15' ? 'Invalid ciphertext' : 'onion request max path length exceeded';
    expect(await toExit(hex(vector?.frame ?? ''))).toEqual([400, words]);
  });

  const aFrame = (): Uint8Array =>
    Buffer.concat(
      encodeHopFrame({
        data: new Uint8Array(64),
        encType: 'xchacha20',
        ephemeralKey: new Uint8Array(32).fill(9),
        hopNo: 1,
      }),
    );
  it.each<[string, () => Uint8Array]>([
    ['is two frames', () => Buffer.concat([aFrame(), aFrame()])],
    ['goes on after its end', () => Buffer.concat([aFrame(), Buffer.from('x')])],
    ['is cut short', () => aFrame().subarray(0, -1)],
    ['is empty', () => new Uint8Array()],
    ['is a list', () => Buffer.concat([Buffer.from('l'), aFrame(), Buffer.from('e')])],
    [
      'has an unknown cipher',
      () => Buffer.from(Buffer.from(aFrame()).toString('latin1').replace('9:xchacha20', '5:rot13'), 'latin1'),
    ],
  ])('N5 refuses a frame that %s', async (_what, frame) => {
    const [status, text] = await toExit(frame());
    expect([status, text.slice(0, INTERNAL_ERROR.length)]).toEqual([400, INTERNAL_ERROR]);
  });

  it('N6 names itself when it does not serve, before it opens anything', async () => {
    const own = record(EXIT, { state: 'decommissioned', peerPort: port() });
    await network.publish([record(MIDDLE, {}), own]);
    expect(await toExit(aFrame())).toEqual([503, `Snode not ready: ${EXIT.ed25519_pubkey}`]);
    await network.publish([record(MIDDLE, {})]);
  });

  it('N4 hands commands of members to storage, and its answer back', async () => {
    const storage = network.relay('exit').node;
    storage.answerer = () => answer(200, 'json', 'd1:ai1ee');
    const replied = await transport.command(peerAddress('exit', port()), 'store', Buffer.from('d1:bi2ee'), 1_000);
    expect([replied.status, Buffer.from(replied.body).toString()]).toEqual([200, 'd1:ai1ee']);
    const call = storage.calls.at(-1);
    expect([call?.source, call?.method, Buffer.from(call?.body ?? []).toString()]).toEqual([
      'peer',
      'store',
      'd1:bi2ee',
    ]);
    expect(call?.budgetMs).toBeLessThan(1_000);
  });
});
