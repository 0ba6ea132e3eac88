import type { Signer } from './people.js';

export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;

export type Params = Readonly<Record<string, unknown>>;

/** One request: what stands in the envelope. Members that are `undefined` are not sent. */
export interface Call {
  readonly method: string;
  readonly params: Params;
}

export const call = (method: string, params: Params): Call => ({ method, params });

/** The same request with other members; the signature stays what it was. */
export const changed = ({ method, params }: Call, changes: Params): Call => call(method, { ...params, ...changes });

export const base64 = (data: string | Uint8Array): string => Buffer.from(data).toString('base64');

/** What stands under `namespace`. */
type Scope = number | 'all' | undefined;

/** A namespace in a signed text: 0 is never written. */
const scope = (namespace: Scope): string => (namespace === undefined || namespace === 0 ? '' : String(namespace));

const signed = (who: Signer, method: string, text: string | Uint8Array, params: Params): Call =>
  call(method, { ...who.fields, ...params, signature: who.signature(text).toString('base64') });

/** A store that nobody signed; a day to live unless `ttl` or `expiry` says otherwise. */
export function store(who: Signer, data: string | Uint8Array, params: Params = {}): Call {
  const life = 'expiry' in params ? {} : { ttl: DAY_MS };
  const fields = { pubkey: who.fields.pubkey, timestamp: Date.now(), ...life, data: base64(data) };
  return call('store', { ...fields, ...params });
}

export function signedStore(who: Signer, data: string | Uint8Array, params: Params = {}): Call {
  const { params: all } = store(who, data, params);
  const signedAt = all.sig_timestamp ?? all.timestamp;
  return signed(who, 'store', `store${scope(all.namespace as Scope)}${String(signedAt)}`, all);
}

/** Calls whose signed text is the method, the namespace, and the time under `field`. */
const timed =
  (method: string, field: string) =>
  (who: Signer, params: Params = {}): Call => {
    const all: Params = { [field]: Date.now(), ...params };
    return signed(who, method, `${method}${scope(all.namespace as Scope)}${String(all[field])}`, all);
  };

export const retrieve = timed('retrieve', 'timestamp');
export const deleteAll = timed('delete_all', 'timestamp');
export const deleteBefore = timed('delete_before', 'before');
export const expireAll = timed('expire_all', 'expiry');

export const remove = (who: Signer, messages: readonly string[], params: Params = {}): Call =>
  signed(who, 'delete', `delete${messages.join('')}`, { messages, ...params });

export function expire(who: Signer, messages: readonly string[], expiry: number | number[], params: Params = {}): Call {
  const mode = params.shorten === true ? 'shorten' : params.extend === true ? 'extend' : '';
  const text = `expire${mode}${[expiry].flat().join('')}${messages.join('')}`;
  return signed(who, 'expire', text, { messages, expiry, ...params });
}

export function getExpiries(who: Signer, messages: readonly string[], timestamp = Date.now()): Call {
  return signed(who, 'get_expiries', `get_expiries${timestamp}${messages.join('')}`, { messages, timestamp });
}

/** What is signed by owners and nodes alike: the time, and the tokens as bytes. */
export const tokensText = (head: string, timestamp: number, tokens: readonly Uint8Array[]): Buffer =>
  Buffer.concat([Buffer.from(`${head}${timestamp}`), ...tokens]);

const tokenCall =
  (method: string, field: string) =>
  (who: Signer, tokens: readonly Uint8Array[], timestamp = Date.now()): Call =>
    signed(who, method, tokensText(method, timestamp, tokens), { [field]: tokens.map(base64), timestamp });

export const revoke = tokenCall('revoke_subaccount', 'revoke');
export const unrevoke = tokenCall('unrevoke_subaccount', 'unrevoke');

export const batch = (requests: readonly Call[]): Call => call('batch', { requests });
export const sequence = (requests: readonly Call[]): Call => call('sequence', { requests });
export const INFO = call('info', {});
