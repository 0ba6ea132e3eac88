import { createServer } from 'node:net';
import type { Server } from 'node:net';
import type { RandomBytes } from '#protocol';
import { Problem } from '../../problems.js';

/** Below the ports that Linux (from 32768) and macOS (from 49152) hand out for outgoing connections. */
const FIRST_PORT = 20_000;
const END_PORT = 32_000;
/** Room for 50 nodes of 6 ports, two servers and the guard. */
const PORTS_PER_DEVNET = 304;
const BLOCKS = Math.floor((END_PORT - FIRST_PORT) / PORTS_PER_DEVNET);
const HOST = '127.0.0.1';

/** Ports of one devnet. While the guard is held, no other devnet takes any of them. */
export interface PortBlock {
  readonly guardPort: number;
  readonly ports: readonly number[];
  release(): Promise<void>;
}

/**
 * Finds `count` free ports of 127.0.0.1 in one block, beginning at a random one. `taken` are ports that are used
 * otherwise. Throws Problem when all blocks are in use.
 */
export async function findPorts(count: number, random: RandomBytes, taken: ReadonlySet<number>): Promise<PortBlock> {
  const [high = 0, low = 0] = random(2);
  const start = (high * 256 + low) % BLOCKS;
  for (let turn = 0; turn < BLOCKS; turn++) {
    const base = FIRST_PORT + ((start + turn) % BLOCKS) * PORTS_PER_DEVNET;
    const ports = range(base + 1, base + PORTS_PER_DEVNET)
      .filter((port) => !taken.has(port))
      .slice(0, count);
    const block = await holdPorts(base, ports);
    if (block) return block;
  }
  throw new Problem(
    `No ${count} free ports are left between ${FIRST_PORT} and ${END_PORT}: stop another devnet first.`,
  );
}

/** The same ports as last time. Throws Problem when one of them is in use. */
export async function holdPortsAgain(guardPort: number, ports: readonly number[]): Promise<PortBlock> {
  const block = await holdPorts(guardPort, ports);
  if (block) return block;
  const busy = await firstBusy([guardPort, ...ports]);
  throw new Problem(
    `Port ${busy ?? guardPort} of this devnet is in use by another program: stop that, or start anew with --fresh.`,
  );
}

/** The first of these ports that something listens on, or null. */
async function firstBusy(ports: readonly number[]): Promise<number | null> {
  for (const port of ports) {
    const server = await listen(port);
    if (!server) return port;
    await close(server);
  }
  return null;
}

async function holdPorts(guardPort: number, ports: readonly number[]): Promise<PortBlock | null> {
  const guard = await listen(guardPort);
  if (!guard) return null;
  if ((await firstBusy(ports)) !== null) {
    await close(guard);
    return null;
  }
  guard.unref();
  return { guardPort, ports, release: () => close(guard) };
}

function listen(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(null));
    server.listen(port, HOST, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}
