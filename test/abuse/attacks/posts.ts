import { randomBytes } from 'node:crypto';
import { Pool } from 'undici';
import { nativePrimitives } from '#platform';
import { buildOnion, joinPayload } from '#protocol';
import { LOW_ORDER_KEYS } from '../../vectors/low-order-keys.js';
import { workers, type Attack, type Target } from './attack.js';

/** One address for a whole attack: what a single source may do is the question. */
export const SOURCE = '127.0.0.5';
const ONION = '/onion_req/v2';
const RPC = '/storage_rpc/v1';

export interface Post {
  readonly path: string;
  readonly body: Uint8Array | string;
}

/** Posts what `next` makes, over kept-alive connections, and counts the statuses. */
export function posts(prepare: (target: Target) => () => Post): Attack {
  return async (target, stopped, tally) => {
    const next = prepare(target);
    const pool = new Pool(`https://${target.ip}:${target.httpsPort}`, {
      connections: target.count,
      connect: { rejectUnauthorized: false, localAddress: SOURCE },
      headersTimeout: target.patienceMs,
    });
    await workers(target, stopped, async () => {
      const { path, body } = next();
      tally.begun();
      try {
        const answer = await pool.request({ method: 'POST', path, body });
        const text = await answer.body.text();
        tally.answered(answer.statusCode);
        if (text === 'Invalid ciphertext') tally.add('invalid_ciphertext');
      } catch {
        tally.ended('closed'); // the case decides whether that may be
      }
    });
    await pool.destroy();
  };
}

const info = JSON.stringify({ method: 'info', params: {} });
const primitives = nativePrimitives();

/** Cheap requests, many more than a single source may make. */
export const sourceFlood = posts(() => () => ({ path: RPC, body: info }));

function finalOnion({ ed25519, x25519 }: Target, payload: Uint8Array): Uint8Array {
  return buildOnion(primitives, randomBytes, { path: [], destination: { ed25519, x25519 }, payload }).body;
}

/** One onion, again and again. */
export const replays = posts((target) => {
  const body = finalOnion(target, Buffer.from(info));
  return () => ({ path: ONION, body });
});

const CIPHERS = ['xchacha20', 'aes-gcm', 'aes-cbc'];

export const lowOrderKeys = posts(() => {
  let count = 0;
  return () => {
    const key = LOW_ORDER_KEYS[count % LOW_ORDER_KEYS.length];
    const cipher = CIPHERS[count % CIPHERS.length];
    count += 1;
    const control = JSON.stringify({ ephemeral_key: key, enc_type: cipher });
    return { path: ONION, body: joinPayload(randomBytes(160), control) };
  };
});

/** Deep and large texts at every place where a stranger's JSON is read. */
export const deepJson = posts((target) => {
  const deep = (bytes: number): string => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2);
  const wide = (bytes: number): string => `{${Array.from({ length: bytes / 12 }, (_, i) => `"k${i}":${i}`).join()}}`;
  const rpc = (params: string): string => `{"method":"info","params":${params}}`;
  const MiB = 1024 * 1024;
  const variants: Post[] = [
    { path: ONION, body: joinPayload(randomBytes(64), deep(15_000)) },
    { path: ONION, body: joinPayload(randomBytes(64), deep(4 * MiB)) },
    { path: ONION, body: finalOnion(target, Buffer.from(rpc(deep(2 * MiB)))) },
    { path: ONION, body: finalOnion(target, Buffer.from(rpc(wide(2 * MiB)))) },
    { path: RPC, body: rpc(deep(4 * MiB)) },
    { path: RPC, body: rpc(wide(4 * MiB)) },
    { path: RPC, body: `{"method":"batch","params":{"requests":${deep(MiB)}}}` },
  ];
  let count = 0;
  return () => variants[count++ % variants.length] ?? { path: RPC, body: '' };
});
