/** Redis cannot be asked now: down, loading, too slow, or unable to write its file. */
export class RedisUnavailable extends Error {
  constructor(cause: unknown) {
    super('Redis does not answer', { cause });
    this.name = 'RedisUnavailable';
  }
}

/**
 * Answers of a Redis that will not do its work now, whatever it is asked. `MISCONF`: its disk takes no writes. `MOVED`
 * and `ASK` come to us only when the server of a cluster that they name could not be reached.
 */
const DOWN = /^(LOADING|MASTERDOWN|CLUSTERDOWN|MOVED|ASK|READONLY|BUSY|TRYAGAIN|MISCONF|NOREPLICAS)\b/;

/** False for an error that Redis or a script gave as its answer: out of memory, a wrong type, a fault of ours. */
export function isRedisDown(cause: unknown): boolean {
  return !(cause instanceof Error) || cause.name !== 'ReplyError' || DOWN.test(cause.message);
}

/** Tells a Redis that cannot be asked from one that answered with an error of its own, which is returned as it is. */
export function asRedisProblem(cause: unknown): unknown {
  return isRedisDown(cause) ? new RedisUnavailable(cause) : cause;
}
