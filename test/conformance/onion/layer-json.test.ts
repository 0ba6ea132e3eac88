import { describe, expect, it } from '@jest/globals';
import { joinPayload } from '#protocol';
import { post } from '../../integration/relay/https-client.js';
import { INFO_REPLY } from '../../integration/relay/node-stub.js';
import { Relays } from '../../integration/relay/relays.js';
import { Layer, ONION_PATH } from '../../integration/relay/onion-client.js';
import { nodeVector, vectors } from '../../integration/relay/vector-network.js';
import { hex } from '../../vectors/onion-vectors.js';
import { BROKEN_LAYER_CASES, rowsOf } from './vector-cases.js';

const INFO = '{"method":"info","params":{}}';
const INVALID_JSON = '{"body":"Invalid json","status":400}';
const INVALID_URL = '{"body":"Invalid url","status":400}';
const ANSWERED = JSON.stringify({ body: INFO_REPLY, status: 200 });
const MIDDLE = nodeVector('middle').ed25519_pubkey;

describe('the inside of a layer', () => {
  const relays = new Relays(['entry', 'middle']);

  /** What the entry says inside to a layer of its own with this inside. */
  const ask = async (plaintext: Uint8Array): Promise<string> => {
    const layer = new Layer('entry');
    return layer.open(await post(relays.port, ONION_PATH, layer.body(plaintext)));
  };
  const askControl = (control: object | string): Promise<string> =>
    ask(joinPayload(Buffer.from(INFO), typeof control === 'string' ? control : JSON.stringify(control)));

  const broken = rowsOf(
    vectors.inner_requests.filter(
      ({ name, expect: wanted }) => wanted.kind === 'INVALID_JSON' || BROKEN_LAYER_CASES.S14.includes(name),
    ),
    BROKEN_LAYER_CASES,
  );

  it.each(broken)('%s refuses %s inside the reply', async (_id, _name, { plaintext }) => {
    expect(await ask(hex(plaintext))).toBe(INVALID_JSON);
  });

  it.each(['0', '-1', '65536', '70000', '80.9', '443.0', '1e2', '"80"', 'null', 'true'])(
    'S14 takes %s for no port',
    async (port) => {
      expect(await askControl(`{"host":"example.org","target":"/oxen/v4/lsrpc","port":${port}}`)).toBe(INVALID_JSON);
    },
  );

  it.each([
    ['is nested 33 deep', `{"headers":"","x":${'['.repeat(32)}${']'.repeat(32)}}`],
    ['has 1,001 keys', `{"headers":"",${Array.from({ length: 1_000 }, (_, i) => `"k${i}":0`).join()}}`],
    ['is longer than 16 KiB', `{"headers":"${'a'.repeat(16 * 1024)}"}`],
  ])('J3 refuses control JSON that %s', async (_what, control) => {
    expect(await askControl(control)).toBe(INVALID_JSON);
  });

  it('J3 refuses control JSON that is not UTF-8', async () => {
    const control = Buffer.from('{"headers":"~"}');
    control[control.indexOf('~')] = 0xff;
    expect(await ask(Buffer.concat([joinPayload(Buffer.from(INFO), ''), control]))).toBe(INVALID_JSON);
  });

  it('J8 refuses in base64 even where the client wanted bytes', async () => {
    expect(await askControl({ headers: '', base64: false, json: 'yes' })).toBe(INVALID_JSON);
  });

  it.each([{ host: 'example.org' }, { destination: '00' }, { host: 5, destination: MIDDLE }])(
    'J9 takes headers beside %j for the final destination',
    async (others) => {
      expect(await askControl({ headers: '', ...others })).toBe(ANSWERED);
    },
  );

  it('J10 takes a host beside a destination for a server', async () => {
    const control = { host: '127.0.0.1', target: '/oxen/v4/lsrpc', destination: MIDDLE, ephemeral_key: '00' };
    expect(await askControl(control)).toBe(INVALID_URL);
  });

  it.each([null, [], '', {}, 0, false, { 'Content-Type': 'application/json' }])(
    'J11 takes headers %j for the final destination',
    async (headers) => {
      expect(await askControl({ headers, body: null })).toBe(ANSWERED);
    },
  );

  it.each(broken)('J12 carries the refusal of a later hop back as it is (%s %s)', async (_id, _name, { plaintext }) => {
    const inner = new Layer('middle', 'aes-gcm');
    const control = { destination: MIDDLE, ...inner.opener };
    const sealed = inner.seal(hex(plaintext));
    const reply = await post(relays.port, ONION_PATH, new Layer('entry', 'xchacha20').frame(sealed, control));
    expect([reply.status, reply.reason, reply.headers['content-type']]).toEqual([200, 'OK', 'text/plain']);
    expect(inner.open(reply)).toBe(INVALID_JSON); // sealed by the later hop for the maker of its layer
  });

  it('J3 counts refusals by known labels only', async () => {
    expect(await relays.relay('entry').metrics()).toMatch(
      /^relay_onions_total\{source="client",outcome="invalid_json",enc_type="xchacha20"\} [1-9]/m,
    );
  });
});
