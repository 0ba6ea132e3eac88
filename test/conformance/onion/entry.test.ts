import { describe, expect, it } from '@jest/globals';
import { joinPayload } from '#protocol';
import { post, type Reply } from '../../integration/relay/https-client.js';
import { INFO_REPLY } from '../../integration/relay/node-stub.js';
import { Relays } from '../../integration/relay/relays.js';
import { Layer, ONION_PATH, ask } from '../../integration/relay/onion-client.js';
import { vectors } from '../../integration/relay/vector-network.js';
import { hex } from '../../vectors/onion-vectors.js';
import { ENTRY_CASES, rowsOf } from './vector-cases.js';

const INFO = '{"method":"info","params":{}}';
const PARSE_ERROR = 'Error parsing onion request: ';
const FINAL = joinPayload(Buffer.from(INFO), '{"headers":""}');
const ANSWERED = JSON.stringify({ body: INFO_REPLY, status: 200 });

/** So many levels of lists. */
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
/** So many keys, in few bytes. */
const keyed = (count: number): string => `{${Array.from({ length: count }, (_, i) => `"${i.toString(36)}":1`).join()}}`;

describe('the entry of an onion', () => {
  const relays = new Relays(['entry', 'middle']);
  const send = (body: Uint8Array) => post(relays.port, ONION_PATH, body);
  /** A good layer under control JSON with one more member, written as it stands. */
  const withMember = (member: string): { layer: Layer; body: Uint8Array } => {
    const layer = new Layer('entry');
    const { ephemeral_key: key, enc_type: type } = layer.opener;
    return { layer, body: joinPayload(layer.seal(FINAL), `{${member},"ephemeral_key":"${key}","enc_type":"${type}"}`) };
  };
  const expectRefusal = (reply: Reply, reason: string | null): void => {
    expect([reply.status, reply.reason, reply.headers['content-type']]).toEqual([400, 'Bad Request', 'text/plain']);
    if (reason === null) expect(reply.text.startsWith(PARSE_ERROR)).toBe(true);
    else expect(reply.text).toBe(PARSE_ERROR + reason);
  };

  const rows = rowsOf(vectors.negative.entry_body, ENTRY_CASES);

  it.each(rows.filter(([, , vector]) => vector.expect === undefined))('%s refuses %s', async (_id, _name, vector) => {
    const reason = vector.reference_error ?? '';
    // The words of the reference's JSON library are no contract.
    expectRefusal(await send(hex(vector.body)), reason.startsWith('[json.exception') ? null : reason);
  });

  it.each(rows.filter(([, , vector]) => vector.expect !== undefined))('%s reads %s', async (_id, _name, vector) => {
    expect((await send(hex(vector.body))).text).not.toMatch(/^Error parsing/);
  });

  it('E3 believes no length before the bytes are there', async () => {
    const body = Buffer.concat([Buffer.from('ffffffff', 'hex'), Buffer.alloc(96)]);
    const before = process.memoryUsage();
    for (let i = 0; i < 50; i += 1) {
      expectRefusal(await send(body), 'Unexpected payload size 96, expected >= 4294967295');
    }
    const { arrayBuffers, rss } = process.memoryUsage();
    expect(arrayBuffers - before.arrayBuffers).toBeLessThan(64 * 1024 * 1024);
    expect(rss - before.rss).toBeLessThan(512 * 1024 * 1024); // one such buffer has 4 GiB
  });

  it.each([
    ['is nested 33 deep', `"x":${nested(32)}`],
    ['has 1,001 keys', `"x":${keyed(998)}`],
    ['is longer than 16 KiB', `"x":"${'a'.repeat(16 * 1024)}"`],
    ['goes on after its end', '"x":1}{"y":2'],
    ['has half a surrogate pair', '"x":"\\ud800"'],
    ['has a number that is none', '"x":01'],
  ])('E5 refuses control JSON that %s', async (_what, member) => {
    expectRefusal(await send(withMember(member).body), null);
  });

  it('E5 refuses control JSON that is not UTF-8', async () => {
    const layer = new Layer('entry');
    const json = Buffer.from(JSON.stringify({ ...layer.opener, x: '~' }));
    json[json.indexOf('~')] = 0xff;
    expectRefusal(await send(Buffer.concat([joinPayload(layer.seal(FINAL), ''), json])), null);
  });

  it('E10 quotes an unknown cipher as it was sent', async () => {
    const body = joinPayload(Buffer.alloc(40), JSON.stringify({ ...new Layer('entry').opener, enc_type: 'ключ' }));
    expectRefusal(await send(body), 'Invalid encryption type ключ');
  });

  it.each(['"3"', '3.5', '1e1', 'true', 'null', '[]'])('E11 takes %s for no hop number', async (hopNo) => {
    expectRefusal(await send(withMember(`"hop_no":${hopNo}`).body), null);
  });

  it('E12 takes a negative hop number for none', async () => {
    expect((await ask(relays.port, ['entry', 'middle'], INFO, { hopNo: -5 })).inner).toBe(ANSWERED);
  });

  it.each(['16', '17', '70000', '18446744073709551615'])(
    'E12 goes no further than 16 with hop number %s',
    async (hopNo) => {
      const { layer, body } = withMember(`"hop_no":${hopNo}`);
      expect(layer.open(await send(body))).toBe(ANSWERED); // the entry does not hold it against the client
    },
  );

  it('E13 reads keys in upper case', async () => {
    const layer = new Layer('entry');
    const reply = await send(layer.body(FINAL, { ephemeral_key: layer.opener.ephemeral_key.toUpperCase() }));
    expect(layer.open(reply)).toBe(ANSWERED);
  });

  it('E14 finds no layer in nothing', async () => {
    const reply = await send(joinPayload(new Uint8Array(), JSON.stringify(new Layer('entry').opener)));
    expect([reply.status, reply.reason, reply.text]).toEqual([400, 'Bad Request', 'Invalid ciphertext']);
  });

  it.each([
    ['members that it does not know', '"extra":[1,{"a":2}]'],
    ['nesting to 32', `"x":${nested(31)}`],
    ['1,000 keys', `"x":${keyed(997)}`],
    ['a key given before', '"enc_type":"rot13"'],
  ])('E15 ignores %s', async (_what, member) => {
    const { layer, body } = withMember(member);
    expect(layer.open(await send(body))).toBe(ANSWERED);
  });

  it('E16 takes a layer without a name for AES-GCM', async () => {
    const layer = new Layer('entry', 'aes-gcm');
    expect(layer.open(await send(layer.body(FINAL, { enc_type: undefined })))).toBe(ANSWERED);
  });

  it('E1 leaves counts by known labels behind, and no name in log or metrics', async () => {
    const relay = relays.relay('entry');
    const metrics = await relay.metrics();
    expect(metrics).toMatch(/^relay_onions_total\{source="client",outcome="parse_error",enc_type="none"\} [1-9]/m);
    expect(metrics + JSON.stringify(relay.log.lines)).not.toMatch(/[0-9a-f]{64}|\d+\.\d+\.\d+\.\d+/);
  });
});
