/**
 * The public network's seeds and the SHA-256 fingerprints of their self-signed certificates:
 * docs/protocol/onion.md §8.1. Any other https seed must have a certificate that the system trusts, or a fingerprint
 * given by the caller.
 */
export const KNOWN_SEED_CERTIFICATES: ReadonlyMap<string, string> = new Map([
  ['seed1.getsession.org', '36ea0b253537988551ee856e4fd20d55011e9c8b27eaa2f34b8f32a0bdf04f2d'],
  ['seed2.getsession.org', 'c5908dd4139acd96aedd1e45576597650809c8a5ea02af556d4853d45396e0e7'],
  ['seed3.getsession.org', '8a0af2c712342f22ce00e53c1601410ef8d84156aee0a9809c32f6f7efbe556e'],
]);
