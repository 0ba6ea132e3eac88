import { InvalidBencode, bdecode, bencode } from '#protocol';
import type { FileReply, FileRequest } from './files.js';

/** What is inside the onion of a version, and how its reply is written before it is sealed. docs/protocol/onion.md §4.4 */
export interface OnionVersion {
  /** Null for what is none. */
  read(plaintext: Uint8Array): FileRequest | null;
  write(reply: FileReply): Uint8Array;
  /** What `read` did not understand. */
  readonly invalid: FileReply;
  readonly isBase64: boolean;
}

const NOTHING = new Uint8Array();
const WITH_BODY = ['POST', 'PUT'];
const PLAIN = 'text/plain; charset=utf-8';

export const V4: OnionVersion = {
  isBase64: false,
  invalid: { code: 400, contentType: PLAIN, body: Buffer.from('Invalid v4 onion request') },

  read(plaintext) {
    const [description, body = NOTHING, ...rest] = listIn(plaintext);
    if (!(description instanceof Uint8Array) || !(body instanceof Uint8Array) || rest.length > 0) return null;
    const { method, endpoint, headers } = objectIn(description);
    const isWhole = typeof method === 'string' && typeof endpoint === 'string' && isObject(headers);
    return isWhole && endpoint.startsWith('/') ? { method, endpoint, body } : null;
  },

  write({ code, contentType, body }) {
    const description = JSON.stringify({ code, headers: { 'content-type': contentType } });
    return bencode([Buffer.from(description), body]);
  },
};

export const V3: OnionVersion = {
  isBase64: true,
  invalid: { code: 400, contentType: PLAIN, body: NOTHING },

  read(plaintext) {
    const { method, endpoint, body = '' } = objectIn(plaintext);
    if (typeof method !== 'string' || typeof endpoint !== 'string') return null;
    // A GET may carry the word null where others carry a body.
    const isWithBody = WITH_BODY.includes(method);
    if (isWithBody && typeof body !== 'string') return null;
    return {
      method,
      endpoint: endpoint.startsWith('/') ? endpoint : `/${endpoint}`,
      body: isWithBody ? Buffer.from(String(body)) : NOTHING,
    };
  },

  write: ({ code, body }) => (code === 200 ? body : Buffer.from(JSON.stringify({ status_code: code }))),
};

function listIn(plaintext: Uint8Array): readonly unknown[] {
  try {
    const value = bdecode(plaintext);
    return Array.isArray(value) ? value : [];
  } catch (cause) {
    if (cause instanceof InvalidBencode) return [];
    throw cause;
  }
}

/** Empty for what is no JSON object. */
function objectIn(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return isObject(value) ? { ...value } : {};
  } catch (cause) {
    if (cause instanceof SyntaxError) return {};
    throw cause;
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
