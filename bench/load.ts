import { Pool } from 'undici';

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
}

/**
 * Posts the bodies round robin over kept-alive TLS connections for a time, and longer where fewer than `atLeast` are
 * through by then. Every answer must be 200.
 * Times come from the high-resolution clock of the process.
 */
export async function load(
  origin: string,
  path: string,
  bodies: readonly Uint8Array[],
  { connections, seconds, atLeast = 0 }: { connections: number; seconds: number; atLeast?: number },
): Promise<LoadResult> {
  const pool = new Pool(origin, { connections, connect: { rejectUnauthorized: false }, pipelining: 1 });
  const start = process.hrtime.bigint();
  const elapsed = (): number => Number(process.hrtime.bigint() - start) / 1e9;
  let requests = 0;
  const worker = async (): Promise<void> => {
    while (elapsed() < seconds || requests < atLeast) {
      const body = bodies[requests++ % bodies.length] ?? new Uint8Array();
      const answer = await pool.request({ method: 'POST', path, body });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}: ${text.slice(0, 100)}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const result = { requests, seconds: elapsed() };
  await pool.close();
  return result;
}
