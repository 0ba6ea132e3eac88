import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort } from '#testing';

const MAX_TRIES = 50;

/** The first of two ports side by side that nobody listens on. */
export async function neighbours(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const port = await freePort();
    if (await isFree(port + 1)) return port;
  }
  throw new Error('no two free ports are side by side');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
