/** What an answer in the clear means: docs/protocol/onion.md §8.6. `nodeId` is an Ed25519 key in lower-case hex. */
export type OnionFault =
  | { readonly kind: 'node-gone' | 'node-unreachable' | 'node-not-ready'; readonly nodeId: string }
  /** The first node cannot be reached at all. */
  | { readonly kind: 'guard-down' }
  /** The first node is there but takes no requests now. */
  | { readonly kind: 'guard-busy' }
  /** The first node took the request and nothing came back. */
  | { readonly kind: 'silence' }
  /** Something on the way; nobody can say what. */
  | { readonly kind: 'path' }
  /** Trying again is known to be of no use. */
  | { readonly kind: 'stop' };

const NAMED: readonly { status: number; prefix: string; kind: 'node-gone' | 'node-unreachable' | 'node-not-ready' }[] =
  [
    { status: 502, prefix: 'Next node not found: ', kind: 'node-gone' },
    { status: 502, prefix: 'Next node is currently unreachable: ', kind: 'node-unreachable' },
    { status: 503, prefix: 'Snode not ready: ', kind: 'node-not-ready' },
  ];
const GUARD_BUSY = /^(Service node is not ready: |Server busy, try again later$)/;
const STOP = 'Oxen Server error';
const NODE_ID = /^[0-9a-f]{64}$/;
/** No text of the table is longer. */
const MAX_TEXT_BYTES = 200;

/**
 * Judges a status that is not 200. Statuses 406, 421 and 425 count only inside a decrypted reply: in the clear any hop
 * could forge them.
 */
export function judgeAnswer(status: number, body: Uint8Array): OnionFault {
  const text = new TextDecoder().decode(body.subarray(0, MAX_TEXT_BYTES)).trim();
  for (const { status: expected, prefix, kind } of NAMED) {
    const nodeId = text.slice(prefix.length).toLowerCase();
    if (status === expected && text.startsWith(prefix) && NODE_ID.test(nodeId)) return { kind, nodeId };
  }
  if (status === 503 && GUARD_BUSY.test(text)) return { kind: 'guard-busy' };
  return { kind: text === STOP ? 'stop' : 'path' };
}
