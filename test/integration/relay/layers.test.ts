import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { joinPayload } from '#protocol';
import { hex } from '../../vectors/onion-vectors.js';
import { post } from './https-client.js';
import { INFO_REPLY } from './node-stub.js';
import { Layer, ONION_PATH, ask } from './onion-client.js';
import { VectorNetwork, nodeVector, vectors } from './vector-network.js';

const INFO = '{"method":"info","params":{}}';
const PARSE_ERROR = 'Error parsing onion request: ';
const INVALID_JSON = '{"body":"Invalid json","status":400}';
const FINAL = joinPayload(Buffer.from(INFO), '{"headers":""}');

describe('the entry of an onion', () => {
  let network: VectorNetwork;
  let port: number;
  const send = (body: Uint8Array) => post(port, ONION_PATH, body);

  beforeAll(async () => {
    network = await VectorNetwork.start(['entry', 'middle']);
    port = network.relay('entry').httpsPort;
    await network.publish();
  });
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
  });

  describe('parsing', () => {
    it.each(vectors.negative.entry_body.filter((vector) => vector.expect === undefined))(
      'E1 to E11: $name',
      async (vector) => {
        const reply = await send(hex(vector.body));
        expect([reply.status, reply.reason, reply.headers['content-type']]).toEqual([400, 'Bad Request', 'text/plain']);
        const reason = vector.reference_error ?? '';
        // The words of the reference's JSON library are no contract.
        if (reason.startsWith('[json.exception')) expect(reply.text.startsWith(PARSE_ERROR)).toBe(true);
        else expect(reply.text).toBe(PARSE_ERROR + reason);
      },
    );

    it.each(vectors.negative.entry_body.filter((vector) => vector.expect !== undefined))(
      'E12, E14, E16: $name is read',
      async (vector) => expect((await send(hex(vector.body))).text).not.toMatch(/^Error parsing/),
    );

    it('E10: quotes an unknown cipher as it was sent', async () => {
      const body = joinPayload(Buffer.alloc(40), JSON.stringify({ ...new Layer('entry').opener, enc_type: 'ключ' }));
      expect((await send(body)).text).toBe(`${PARSE_ERROR}Invalid encryption type ключ`);
    });

    it('E12: takes a negative hop number for none', async () => {
      expect((await ask(port, ['entry'], INFO, { hopNo: -5 })).status).toBe(200);
    });

    it('E13: reads keys in upper case', async () => {
      const layer = new Layer('entry');
      const reply = await send(layer.body(FINAL, { ephemeral_key: layer.opener.ephemeral_key.toUpperCase() }));
      expect(layer.open(reply)).toBe(JSON.stringify({ body: INFO_REPLY, status: 200 }));
    });

    it('E14: N = 0', async () => {
      const reply = await send(joinPayload(new Uint8Array(), JSON.stringify(new Layer('entry').opener)));
      expect([reply.status, reply.text]).toEqual([400, 'Invalid ciphertext']);
    });

    it('E15: ignores what it does not know', async () => {
      expect((await send(new Layer('entry').body(FINAL, { extra: [1, { a: 2 }] }))).status).toBe(200);
    });

    it('refuses control JSON that is nested deeper than 32', async () => {
      const deep = `${'['.repeat(40)}${']'.repeat(40)}`;
      const body = joinPayload(Buffer.alloc(40), `{"x":${deep},"ephemeral_key":"${'09'.repeat(32)}"}`);
      expect((await send(body)).text.startsWith(PARSE_ERROR)).toBe(true);
    });
  });

  describe('opening', () => {
    const ofEntry = vectors.negative.ciphertext.filter(
      (vector) => vector.x25519_seckey === nodeVector('entry').x25519_seckey,
    );

    it.each(ofEntry)('C3 to C10: refuses $name', async (vector) => {
      const control = { ephemeral_key: vector.ephemeral_key, enc_type: vector.enc_type };
      const reply = await send(joinPayload(hex(vector.ciphertext), JSON.stringify(control)));
      expect([reply.status, reply.text, reply.headers['content-type']]).toEqual([
        400,
        'Invalid ciphertext',
        'text/plain',
      ]);
    });

    it.each([
      ['xchacha20', 'xchacha20-poly1305'],
      ['aes-gcm', 'gcm'],
      ['aes-cbc', 'cbc'],
    ] as const)('C11: %s is also called %s', async (encType, alias) => {
      expect((await send(new Layer('entry', encType).body(FINAL, { enc_type: alias }))).status).toBe(200);
    });

    it('C12: opens an empty plaintext in CBC, and then finds no frame in it', async () => {
      expect((await send(new Layer('entry', 'aes-cbc').body(new Uint8Array()))).status).toBe(200);
    });
  });

  describe('deciding', () => {
    const bad = vectors.inner_requests.filter((vector) => vector.expect.kind === 'INVALID_JSON');
    const stricter = vectors.inner_requests.filter((vector) => /^server-port-(70000|float)/.test(vector.name));

    it.each([...bad, ...stricter])('J1 to J8, S14: $name', async (vector) => {
      const layer = new Layer('entry');
      expect(layer.open(await send(layer.body(hex(vector.plaintext))))).toBe(INVALID_JSON);
    });

    it.each([0, -1, 65_536, 80.9, '80', null])('S14: no port %p', async (wanted) => {
      const layer = new Layer('entry');
      const control = { host: 'example.org', target: '/oxen/v4/lsrpc', port: wanted };
      expect(layer.open(await send(layer.frame('', control)))).toBe(INVALID_JSON);
    });

    it.each([null, [], '', {}, 0, { 'Content-Type': 'application/json' }])(
      'J9, J11: headers %j make it final',
      async (headers) => {
        const layer = new Layer('entry');
        const control = { headers, host: 'example.org', destination: '00' };
        expect(layer.open(await send(layer.frame(INFO, control)))).toBe(
          JSON.stringify({ body: INFO_REPLY, status: 200 }),
        );
      },
    );

    it('J10: a host goes before a destination', async () => {
      const layer = new Layer('entry');
      const control = { host: '127.0.0.1', target: '/oxen/v4/lsrpc', destination: nodeVector('middle').ed25519_pubkey };
      expect(layer.open(await send(layer.frame(INFO, control)))).toBe('{"body":"Invalid url","status":400}');
    });

    it('J12: the refusal of a later hop comes back as it is, for the client that made that layer', async () => {
      const outer = new Layer('entry', 'aes-gcm');
      const inner = new Layer('middle', 'aes-gcm');
      const control = { destination: nodeVector('middle').ed25519_pubkey, ...inner.opener };
      const reply = await send(outer.frame(inner.seal(Buffer.from('junk')), control));
      expect([reply.status, reply.headers['content-type']]).toEqual([200, 'text/plain']);
      expect(inner.open(reply)).toBe(INVALID_JSON);
    });
  });

  it('counts what it did, by known labels only', async () => {
    const metrics = await network.relay('entry').metrics();
    expect(metrics).toMatch(/^relay_onions_total\{source="client",outcome="parse_error",enc_type="none"\} [1-9]/m);
    expect(metrics).toMatch(
      /^relay_onions_total\{source="client",outcome="invalid_json",enc_type="xchacha20"\} [1-9]/m,
    );
    expect(metrics).not.toMatch(/[0-9a-f]{64}|\d+\.\d+\.\d+\.\d+/);
    expect(JSON.stringify(network.relay('entry').log.lines)).not.toMatch(/[0-9a-f]{64}|\d+\.\d+\.\d+\.\d+/);
  });
});
