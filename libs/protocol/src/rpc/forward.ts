import { bencode, type Bencodable } from '../bencode.js';
import type { RequestProof } from '../request-proof.js';
import type { RecursiveRequest } from './simple-request.js';
import type { StoreRequest } from './store.js';

type Dict = Readonly<Record<string, Bencodable | undefined>>;

/** The parameters with which another member carries out the same request: docs/protocol/storage-rpc.md §7.2. */
export function encodeForwarded(request: RecursiveRequest): Uint8Array {
  const { account, proof } = request;
  return bencode({ pubkey: account.bytes, ...proofFields(proof), ...ownFields(request) });
}

const proofFields = (proof: RequestProof | null): Dict => ({
  pubkey_ed25519: proof?.ed25519 ?? undefined,
  signature: proof?.signature,
  subaccount: proof?.subaccount?.token,
  subaccount_sig: proof?.subaccount?.signature,
});

/** As the client sent them: each member clamps and judges times by its own clock. */
function ownFields(request: RecursiveRequest): Dict {
  switch (request.method) {
    case 'store':
      return storeFields(request);
    case 'delete':
      return { messages: request.messages }; // `required` is the entry node's question, over the answers of all
    case 'delete_all':
      return { namespace: request.scope, timestamp: request.proof.signedAtMs };
    case 'delete_before':
      return { before: request.beforeMs, namespace: request.scope };
    case 'expire':
      return {
        expiry: request.expiriesMs.length === 1 ? request.expiriesMs[0] : request.expiriesMs,
        extend: request.mode === 'extend' ? 1 : undefined,
        messages: request.messages,
        shorten: request.mode === 'shorten' ? 1 : undefined,
      };
    case 'expire_all':
      return { expiry: request.expiryMs, namespace: request.scope };
    case 'revoke_subaccount':
      return { revoke: request.tokens, timestamp: request.proof.signedAtMs };
    case 'unrevoke_subaccount':
      return { timestamp: request.proof.signedAtMs, unrevoke: request.tokens };
  }
}

/** The expiry is absolute, so that a delay on the way does not lengthen the message's life. */
const storeFields = ({ data, expiryMs, namespace, proof, timestampMs }: StoreRequest): Dict => ({
  data,
  expiry: expiryMs,
  namespace: namespace === 0 ? undefined : namespace,
  sig_timestamp: proof?.signedAtMs,
  timestamp: timestampMs,
});
