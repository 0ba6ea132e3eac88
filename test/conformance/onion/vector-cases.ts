/** Which case of the specification each named vector belongs to. A vector that nobody named here fails its suite. */
function caseOf(table: Readonly<Record<string, readonly string[]>>, name: string): string {
  const [id] = Object.entries(table).find(([, names]) => names.includes(name)) ?? [];
  if (id === undefined) throw new Error(`no case is named for the vector ${name}`);
  return id;
}

/** Rows for `it.each`: the case, then the vector's name, then the vector. */
export const rowsOf = <V extends { readonly name: string }>(
  vectors: readonly V[],
  table: Readonly<Record<string, readonly string[]>>,
): [string, string, V][] => vectors.map((vector) => [caseOf(table, vector.name), vector.name, vector]);

/** `negative.entry_body` */
export const ENTRY_CASES = {
  E1: ['empty', 'three-bytes'],
  E2: ['length-exceeds-body'],
  E3: ['length-0xffffffff'],
  E4: ['length-big-endian'],
  E5: ['no-json', 'broken-json', 'json-array'],
  E6: ['no-ephemeral-key'],
  E7: ['ephemeral-key-62-hex'],
  E8: ['ephemeral-key-65-chars', 'ephemeral-key-not-hex', 'ephemeral-key-base64'],
  E9: ['ephemeral-key-number'],
  E10: ['unknown-enc-type', 'enc-type-uppercase', 'enc-type-empty'],
  E11: ['hop-no-string'],
  E12: ['hop-no-negative-becomes-0'],
  E14: ['zero-length-ciphertext-parses'],
  E16: ['no-enc-type-defaults-to-aes-gcm'],
};

const bothTypes = (...ends: string[]): string[] => ends.flatMap((end) => [`xchacha20-${end}`, `aes-gcm-${end}`]);

/** `negative.ciphertext` */
export const CIPHERTEXT_CASES = {
  C3: bothTypes('bit-flip-nonce', 'bit-flip-body', 'bit-flip-tag'),
  C4: [...bothTypes('truncated-by-one', 'one-byte-appended'), 'aes-cbc-truncated-by-one', 'aes-cbc-one-byte-appended'],
  C5: [...bothTypes('only-nonce', 'nonce-plus-15', '5-bytes', 'empty'), 'aes-cbc-only-iv'],
  C6: bothTypes('wrong-node'),
  C7: bothTypes('wrong-ephemeral'),
  C8: [...bothTypes('all-zero-ephemeral-key'), 'aes-cbc-all-zero-ephemeral-key'],
  C9: ['xchacha20-roles-swapped'],
  C10: ['aes-gcm-ciphertext-declared-xchacha20', 'xchacha20-ciphertext-declared-aes-gcm'],
};

/** `inner_requests` that are no request */
export const BROKEN_LAYER_CASES = {
  J1: ['bad-empty', 'bad-three-bytes'],
  J2: ['bad-length-too-big', 'bad-length-big-endian'],
  J3: [
    'bad-no-json',
    'bad-broken-json',
    'bad-json-trailing-garbage',
    'bad-json-array',
    'bad-json-null',
    'bad-json-empty-object',
    'bad-json-string',
  ],
  J4: ['bad-destination-missing', 'bad-destination-62-hex', 'bad-destination-not-hex', 'bad-destination-number'],
  J5: ['bad-ephemeral-missing', 'bad-ephemeral-66-hex'],
  J6: ['bad-unknown-enc-type', 'bad-enc-type-number'],
  J7: ['bad-host-without-target', 'bad-host-number', 'bad-port-string', 'bad-protocol-number'],
  J8: ['bad-json-flag-not-bool', 'bad-base64-flag-null', 'bad-base64-flag-zero'],
  S14: ['server-port-70000-wraps', 'server-port-float'],
};
