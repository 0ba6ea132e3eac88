export type { Ed25519KeyPair, Primitives, RandomBytes } from './primitives.js';
