import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { joinPayload } from '#protocol';
import { post, type Reply } from './https-client.js';
import { INFO_REPLY } from './node-stub.js';
import { Layer, ONION_PATH } from './onion-client.js';
import { VectorNetwork, nodeVector } from './vector-network.js';

/** A NATS server and relays, on a busy machine. */
const START_TIMEOUT_MS = 30_000;
const INFO = '{"method":"info","params":{}}';
const FINAL = joinPayload(Buffer.from(INFO), '{"headers":""}');
const ANSWER = JSON.stringify({ body: INFO_REPLY, status: 200 });
const REFUSED = [400, 'Bad Request', 'Invalid ciphertext'];

describe('an onion that comes twice', () => {
  let network: VectorNetwork;
  beforeAll(async () => {
    network = await VectorNetwork.start(['entry', 'middle'], (name) =>
      name === 'middle' ? { env: { RELAY_REPLAYS: 'refuse' } } : {},
    );
    await network.publish();
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
  });

  const send = (name: string, body: Uint8Array): Promise<Reply> =>
    post(network.relay(name).httpsPort, ONION_PATH, body);
  const words = ({ status, reason, text }: Reply) => [status, reason, text];
  const expectReplays = async (name: string, count: number): Promise<void> =>
    expect(await network.relay(name).metrics()).toMatch(new RegExp(`^relay_replays_total ${count}$`, 'm'));

  it('is answered twice and counted, for clients try again', async () => {
    const layer = new Layer('entry');
    const body = layer.body(FINAL);
    for (let i = 0; i < 2; i += 1) expect(layer.open(await send('entry', body))).toBe(ANSWER);
    await expectReplays('entry', 1);
  });

  it('is refused where the operator wants it, in the words for what cannot be opened', async () => {
    const layer = new Layer('middle', 'aes-gcm');
    const body = layer.body(FINAL);
    expect(layer.open(await send('middle', body))).toBe(ANSWER);
    expect(words(await send('middle', body))).toEqual(REFUSED);
    await expectReplays('middle', 1);
    const another = new Layer('middle');
    expect(another.open(await send('middle', another.body(FINAL)))).toBe(ANSWER);
  });

  it('is refused also when it comes through another node', async () => {
    const inner = new Layer('middle');
    const ciphertext = inner.seal(FINAL);
    const { ed25519_pubkey: destination } = nodeVector('middle');
    const through = (): Promise<Reply> =>
      send('entry', new Layer('entry').frame(ciphertext, { destination, ...inner.opener }));
    expect(inner.open(await through())).toBe(ANSWER);
    expect(words(await through())).toEqual(REFUSED);
  });

  it('does not count as seen when it could not be opened', async () => {
    const layer = new Layer('middle');
    const sealed = layer.seal(FINAL);
    const spoilt = Uint8Array.from(sealed, (byte, index) => (index === 30 ? byte ^ 1 : byte));
    const control = JSON.stringify(layer.opener);
    expect(words(await send('middle', joinPayload(spoilt, control)))).toEqual(REFUSED);
    expect(layer.open(await send('middle', joinPayload(sealed, control)))).toBe(ANSWER);
  });
});
