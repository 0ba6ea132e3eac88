/** One way to keep messages in Redis, in as few scripts as a measurement needs. Keys of an account begin with `base`. */
export interface Layout {
  readonly name: string;
  /** Lines of redis.conf that it wants. */
  readonly config?: readonly string[];
  /** Keys of an account, for every script alike. */
  keys(base: string): readonly string[];
  /** Per message: ARGV hash, expiry ms, now ms, and what `packed` gives. Gives 1 when the message is new. */
  readonly insert: string;
  /** ARGV hash to begin after, now ms, most messages. Gives hash, pieces and expiry of each. */
  readonly page: string;
  /** ARGV hash, expiry ms. */
  readonly extend: string;
  /** ARGV hash. */
  readonly remove: string;
  /** ARGV now ms, most messages; null where expired entries cannot be found. */
  readonly purge: string | null;
  /** What stands for the data among the arguments. */
  packed(data: Buffer): readonly Buffer[];
}

/** Of a namespace and a time, as every layout has to keep them. */
export const HEAD = Buffer.alloc(10, 1);

export const KEY_LIFE_MS = 32 * 86_400_000;
