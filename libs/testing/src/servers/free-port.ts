import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below those that systems hand out for connections and for port 0 (Linux: from 32,768), and apart from those of a devnet:
 * a server that is started again finds its port still free.
 */
const FIRST_PORT = 10_000;
const END_PORT = 20_000;
/** Of ten thousand ports nearly all are free. */
const TRIES = 100;

/** A port of 127.0.0.1 that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port as number;
}

/** Several different free ports: all are held until all are found. */
export async function freePorts(count: number): Promise<number[]> {
  const holders = await Promise.all(Array.from({ length: count }, holdPort));
  await Promise.all(holders.map(({ release }) => release()));
  return holders.map(({ port }) => port);
}

async function holdPort(): Promise<{ port: number; release: () => Promise<void> }> {
  for (let tried = 0; tried < TRIES; tried++) {
    const port = randomInt(FIRST_PORT, END_PORT);
    const server = createServer();
    const isOurs = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (isOurs) return { port, release: () => new Promise((resolve) => server.close(() => resolve())) };
  }
  throw new Error(`no free port from ${FIRST_PORT} to ${END_PORT - 1} was found`);
}
