/** Every text of an onion answer that clients or other nodes match on. docs/protocol/onion.md §10, exact spelling. */
export const onionTexts = {
  // In clear, from whoever opens (or cannot open) a layer.
  parseErrorPrefix: 'Error parsing onion request: ',
  invalidCiphertext: 'Invalid ciphertext',
  pathTooLong: 'onion request max path length exceeded',
  internalErrorPrefix: 'Invalid internal onion request: ',

  // In clear, from the node that forwards. The key that follows is the next node's Ed25519 key, 64 lower-case hex digits.
  nextNodeNotFoundPrefix: 'Next node not found: ',
  nextNodeUnreachablePrefix: 'Next node is currently unreachable: ',
  requestTimedOut: 'Request time out',
  invalidNodeResponse: 'Invalid response from snode',

  // Inside an encrypted reply. `nodeNotReady` also goes out in clear, followed by `: ` and this node's own key.
  invalidJson: 'Invalid json',
  invalidUrl: 'Invalid url',
  nodeNotReady: 'Snode not ready',
} as const;

/** Reasons that follow `parseErrorPrefix`; clients see them, the reference words them so. docs/protocol/onion.md §10.1 */
export const parseReasons = {
  tooShort: 'Unexpected payload size; expected ciphertext size',
  lengthBeyondEnd: (have: number, wanted: number) => `Unexpected payload size ${have}, expected >= ${wanted}`,
  keyNotHex: 'Hex key data is invalid: data is not hex',
  // The reference says 32 where 64 are needed; the text is contract, the sense is not.
  keyLength: (received: number) => `Hex key data is invalid: expected 32 hex digits, received ${received}`,
  unknownEncType: (name: string) => `Invalid encryption type ${name}`,
  control: {
    'too-long': 'control data is too long',
    'not-json': 'control data is not valid JSON',
    'not-an-object': 'control data is not a JSON object',
  },
  keyMissing: 'ephemeral_key is missing or not a string',
  encTypeNotText: 'enc_type is not a string',
  hopNumberNotInteger: 'hop_no is not an integer',
} as const;
