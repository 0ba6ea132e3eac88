/** Injection tokens for what has no class of its own. */
export const CONFIG = Symbol('CONFIG');
export const PRIMITIVES = Symbol('PRIMITIVES');
