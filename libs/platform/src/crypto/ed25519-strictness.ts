/** 2^255-19 and the order of the main subgroup, little-endian: what the y of a point and the S of a signature stay below. */
const FIELD_PRIME = Uint8Array.of(0xed, ...new Array<number>(30).fill(0xff), 0x7f);
const GROUP_ORDER = Uint8Array.from(
  Buffer.from('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010', 'hex'),
);

/**
 * The y of every point of small order: 0, 1, -1 and the two of order 8, little-endian and without the sign bit.
 * Spellings beyond the field (p, p+1) are refused as not canonical.
 */
const SMALL_ORDER_Y: ReadonlySet<string> = new Set([
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

/**
 * The checks that libsodium makes before it verifies and OpenSSL does not: S below the order, a key that is spelled
 * canonically, neither key nor R of small order. A non-canonical R cannot match in either.
 */
export function isStrictEd25519(signature: Uint8Array, publicKey: Uint8Array): boolean {
  const pointR = signature.subarray(0, 32);
  return (
    isBelow(signature.subarray(32), GROUP_ORDER, 0xff) &&
    isBelow(publicKey, FIELD_PRIME, 0x7f) &&
    !isSmallOrder(publicKey) &&
    !isSmallOrder(pointR)
  );
}

/** Compares 32 little-endian bytes; `topMask` leaves the sign bit of a point out. */
function isBelow(bytes: Uint8Array, limit: Uint8Array, topMask: number): boolean {
  for (let i = 31; i >= 0; i -= 1) {
    const byte = (bytes[i] ?? 0) & (i === 31 ? topMask : 0xff);
    const bound = limit[i] ?? 0;
    if (byte !== bound) return byte < bound;
  }
  return false;
}

function isSmallOrder(point: Uint8Array): boolean {
  const withoutSign = Buffer.from(point);
  withoutSign[31] = (point[31] ?? 0) & 0x7f;
  return SMALL_ORDER_Y.has(withoutSign.toString('hex'));
}
