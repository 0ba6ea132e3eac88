import { mastersOf, type Log, type RedisClient } from '#platform';

const OFF = '-1';
const REASON = 'its slow log keeps commands as they came, with accounts in them; set slowlog-log-slower-than -1';

/**
 * A Redis that was not told otherwise remembers slow commands with their keys and the beginnings of their values, for
 * whoever asks. A server that does not let its settings be read cannot be judged.
 */
export async function checkSlowLog(client: RedisClient, log: Log): Promise<void> {
  for (const server of mastersOf(client)) {
    try {
      const [, threshold = OFF] = await server.config('GET', 'slowlog-log-slower-than');
      if (threshold !== OFF) log.warn('redis_keeps_commands', { reason: REASON });
    } catch (cause) {
      if (!(cause instanceof Error && /^(NOPERM|ERR unknown command)/.test(cause.message))) throw cause;
    }
  }
}
