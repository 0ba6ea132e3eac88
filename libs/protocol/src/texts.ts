/** A client's own words come back cut to this: enough to recognise them, and no reply grows with the request. */
const MAX_ECHO_CHARS = 1_000;
const echo = (text: string): string => text.slice(0, MAX_ECHO_CHARS);

/**
 * Every text of the storage RPC that a client can read. Clients match on some of them, so they are part of the wire:
 * docs/protocol/storage-rpc.md §1.1 (envelope), §2 (fields), §3.3 (times), §8 (methods), §12.2 (statuses).
 */
export const TEXTS = {
  invalidJson: 'invalid json',
  noMethodField: 'invalid json: no `method` field',
  noParamsField: 'invalid json: no `params` field',
  invalidBody: 'invalid body: expected json or bt_dict',
  noMethod: (method: string) => `no method ${echo(method)}`,
  invalidRequest: (problem: string) => `invalid request: ${problem}`,
  requestFailed: 'request failed',
  busy: 'Server busy, try again later',

  field: {
    missing: (field: string) => `Required field '${field}' missing`,
    exclusive: (a: string, b: string) => `Cannot specify both '${a}' and '${b}'`,
    expected: (field: string, type: string) => `Invalid value given for '${field}': expected ${type}`,
    outOfRange: (field: string) => `Invalid value given for '${field}': value out of range`,
    badText: (field: string, value: string) => `Invalid value given for '${field}': ${JSON.stringify(echo(value))}`,
    noExpiry: "Required field 'expiry' or 'ttl' missing",
    notMilliseconds: (field: string) => `Invalid timestamp for '${field}': timestamp must be in milliseconds`,
  },

  parse: {
    pubkey: 'Pubkey must be 66 hex digits (33 bytes) long',
    pubkeyGetSwarm: 'Pubkey must be 66 hex digits/33 bytes long',
    ed25519Only05: 'pubkey_ed25519 is only permitted for 05[...] pubkeys',
    ed25519NotHex: 'invalid pubkey_ed25519: value is not hex',
    ed25519Length: 'Invalid pubkey_ed25519: expected 64 hex char or 32 byte pubkey',
    signatureJson: 'invalid signature: expected base64 encoded Ed25519 signature',
    signatureBt: 'invalid signature: expected 64-byte Ed25519 signature',
    subaccountNeedsSignature: 'invalid subaccount: subaccount_sig is required when using subaccount',
    subaccountJson: 'invalid subaccount: expected base64 or hex-encoded subaccount token',
    subaccountBt: 'invalid subaccount token: invalid token length',
    subaccountSignatureJson: 'invalid subaccount signature: expected base64 encoded Ed25519 signature',
    dataNotBase64: "Invalid 'data' value: not base64 encoded",
    dataTooLong: 'Message body exceeds maximum allowed length of 76800 bytes',
    lastHashNotBase64: 'Invalid last_hash: not base64',
    lastHashLength: 'Invalid last_hash: expected base64 (43 chars)',
    noExpiries: "'expiry' does not contain any expiration timestamps",
    shortenAndExtend: "cannot specify both 'shorten' and 'extend'",
    expiryCount: "'expiry' must be a single expiry, or the same length as 'messages'",
    tooManyTokens: 'invalid revoke: cannot revoke more than 50 subaccounts at once',
    manyTokens: (field: string, most: number) => `${field} contains more than ${most} subaccount tokens`,
    tokenJson: (field: string) => `invalid ${field}: expected base64 or hex-encoded subaccount tag`,
    tokenBt: (field: string) => `invalid ${field} subaccount: invalid subaccount tag length`,
    noMessages: 'messages does not contain any message hashes',
    tooManyMessages: (most: number) => `messages contains more than ${most} message hashes`,
    badMessageHash: (hash: string) => `invalid message hash: ${echo(hash)}`,
    oxendEndpoint: (endpoint: string) => `Invalid oxend endpoint '${echo(endpoint)}'`,
    oxendParams: 'oxend_request params field does not contain valid json',
    notForwardable: 'received invalid forwarded non-forwardable request',
  },

  batch: {
    noRequests: 'Invalid batch request: no valid "requests" field',
    emptyBt: 'Invalid batch request: empty "requests" list',
    tooMany: 'Invalid batch request: subrequest limit exceeded',
    notObjects: 'Invalid batch request: requests must be objects',
    notDicts: 'Invalid batch request: requests must be dicts',
    methodAndParams: 'Invalid batch request: subrequests must have method/params keys',
    methodBt: 'Invalid batch request: subrequests must have a method',
    paramsBt: 'Invalid batch request: subrequests must have a params dict',
    unknownMethod: (method: string) => `Invalid batch subrequest: invalid method "${echo(method)}"`,
    meta: 'Invalid batch subrequest: subrequests may not contain meta-requests',
  },

  store: {
    badTtl: 'Provided expiry/TTL is not valid.',
    badClock: 'Timestamp error: check your clock',
    signatureRequired: (namespace: number) => `store: signature required to store to namespace ${namespace}`,
    signatureTime: 'store signature timestamp too far from current time',
    badSignature: 'store signature verification failed',
  },
  retrieve: {
    signatureRequired: 'retrieve: request signature required',
    signatureTime: 'retrieve timestamp too far from current time',
    badSignature: 'retrieve signature verification failed',
  },
  delete: {
    badSignature: 'delete_msgs signature verification failed',
  },
  deleteAll: {
    signatureTime: 'delete_all timestamp too far from current time',
    badSignature: 'delete_all signature verification failed',
  },
  deleteBefore: {
    future: 'delete_before timestamp too far in the future',
    badSignature: 'delete_before signature verification failed',
  },
  expire: {
    past: 'expire: timestamp should be >= current time',
    badSignature: 'expire: signature verification failed',
    mayNotShorten: 'expire: shorten parameter cannot be used with this subaccount token (missing delete access)',
  },
  expireAll: {
    past: 'expire_all timestamp should be >= current time',
    badSignature: 'expire_all signature verification failed',
  },
  getExpiries: {
    signatureTime: 'get_expiries timestamp too far from current time',
    badSignature: 'get_expiries signature verification failed',
  },
  revocation: {
    signatureTime: (method: string) => `${method} timestamp too far from current time`,
    badSignature: (method: string) => `${method} signature verification failed`,
  },
  ifelse: {
    noIf: 'Invalid ifelse request: no valid "if" field',
    noCondition: 'Invalid ifelse request: must specify at least one "if" condition',
    noBranch: 'Invalid ifelse request: at least one of "then"/"else" required',
    notObject: (branch: string) => `Invalid ifelse request: ${branch} must be an object`,
    methodAndParams: (branch: string) => `Invalid ifelse request: ${branch} must have method/params keys`,
    notDict: (branch: string) => `Invalid ifelse request: ${branch} must be a dict`,
    methodBt: (branch: string) => `Invalid ifelse request: ${branch} missing method`,
    paramsBt: (branch: string) => `Invalid ifelse request: ${branch} missing params`,
    unknownMethod: (branch: string) => `Invalid ifelse request method "${branch}"`,
    tooDeep: 'Invalid ifelse request: nested too deeply',
  },
  oxend: {
    unknownError: 'Unknown oxend error',
    unparsable: 'oxend returned unparsable data',
    nameHashRequired: 'Invalid request: name_hash is required',
  },
} as const;
