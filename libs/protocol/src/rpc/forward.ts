import { bencode, type Bencodable } from '../bencode.js';
import type { RequestProof } from '../request-proof.js';
import type { DeleteRequest } from './delete.js';
import type { RecursiveRequest } from './simple-request.js';
import type { StoreRequest } from './store.js';

type Dict = Readonly<Record<string, Bencodable | undefined>>;

/** The parameters with which another member carries out the same request: docs/protocol/storage-rpc.md §7.2. */
export function encodeForwarded(request: RecursiveRequest): Uint8Array {
  const { account, proof } = request;
  const extra = request.method === 'store' ? storeFields(request) : deleteFields(request);
  return bencode({ pubkey: account.bytes, ...proofFields(proof), ...extra });
}

const proofFields = (proof: RequestProof | null): Dict => ({
  pubkey_ed25519: proof?.ed25519 ?? undefined,
  signature: proof?.signature,
  subaccount: proof?.subaccount?.token,
  subaccount_sig: proof?.subaccount?.signature,
});

/** The expiry is absolute, so that a delay on the way does not lengthen the message's life. */
const storeFields = ({ data, expiryMs, namespace, proof, timestampMs }: StoreRequest): Dict => ({
  data,
  expiry: expiryMs,
  namespace: namespace === 0 ? undefined : namespace,
  sig_timestamp: proof?.signedAtMs,
  timestamp: timestampMs,
});

/** `required` is the entry node's question, over the answers of all. */
const deleteFields = ({ messages }: DeleteRequest): Dict => ({ messages });
