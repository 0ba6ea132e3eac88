import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connect } from '@nats-io/transport-node';
import { Agent, request } from 'undici';
import { encodeSnapshot, SUBJECTS } from '#contracts';
import { nativePrimitives } from '#platform';
import { buildOnion, NodeKey, type NodeRecord } from '#protocol';
import { freePort, startNats, waitUntil } from '#testing';
import { cpuTimeUs, median } from './cpu-time.js';
import { load } from './load.js';
import type { BenchOptions, BenchResult } from './result.js';

/** Onions that take turns, so that no cache of the relay sees the same key twice in a row. */
const ONIONS = 64;
const CONNECTIONS = 32;
const WARM_UP_SECONDS = 2;
const START_TIMEOUT_MS = 20_000;
const SIZES = [
  { name: '2 KiB', suffix: '', bytes: 2_048 },
  { name: '70 KiB', suffix: '_70k', bytes: 71_680 },
] as const;

const primitives = nativePrimitives();
const built = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** A process that prints its port on its first line. */
async function startPrinting(file: string, args: readonly string[]): Promise<{ child: ChildProcess; ports: string[] }> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, ports: line.split(' ') };
}

const record = (key: NodeKey, httpsPort: number, peerPort: number): NodeRecord => ({
  ed25519: key.id,
  x25519: Buffer.from(key.x25519.publicKey).toString('hex'),
  ip: '127.0.0.1',
  httpsPort,
  peerPort,
  state: 'active',
  swarmId: 0n,
  version: [2, 8, 0],
});

/** Requests for the relay to pass on to `next`: AES-GCM, of about the given size at the entry. */
function onions(relay: NodeRecord, next: NodeRecord, bytes: number): Uint8Array[] {
  return Array.from({ length: ONIONS }, () => {
    const payload = new Uint8Array(randomBytes(bytes - 400));
    return buildOnion(primitives, randomBytes, { path: [relay], destination: next, payload, encType: 'aes-gcm' }).body;
  });
}

/** CPU of one forwarded hop in our relay, against the floor program on the same bytes, in interleaved rounds. */
export async function benchRelay({ rounds, seconds }: BenchOptions): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'starling-bench-'));
  const children: ChildProcess[] = [];
  const nats = await startNats();
  try {
    const [relayKey, nextKey] = [randomBytes(32), randomBytes(32)].map((seed) => NodeKey.fromSeed(seed, primitives));
    if (relayKey === undefined || nextKey === undefined) throw new Error('no keys');
    const hop = await startPrinting(built('bench/next-hop.js'), [
      Buffer.from(nextKey.seed).toString('hex'),
      relayKey.id,
      folder,
    ]);
    children.push(hop.child);
    const [peerPort = '', plainPort = ''] = hop.ports;

    writeFileSync(join(folder, 'node.key'), Buffer.from(relayKey.seed).toString('hex'), { mode: 0o600 });
    const floor = await startPrinting(built('bench/floor/relay-floor.js'), [
      join(folder, 'cert.pem'),
      join(folder, 'key.pem'),
      plainPort,
      Buffer.from(relayKey.x25519.secretKey).toString('hex'),
    ]);
    children.push(floor.child);

    const httpsPort = await freePort();
    const relay = record(relayKey, httpsPort, await freePort());
    const next = record(nextKey, 1, Number(peerPort));
    const bus = await connect({ servers: nats.url });
    const snapshot = encodeSnapshot({ height: 1, blockHash: '0'.repeat(64), hardfork: [19, 4], nodes: [relay, next] });
    bus.subscribe(SUBJECTS.membershipCurrent, { callback: (_problem, message) => void message.respond(snapshot) });
    const ours = spawn(process.execPath, [built('apps/relay/src/main.js')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: relaySettings(folder, nats.url, relay),
    });
    children.push(ours);
    await waitUntil('the relay serves', START_TIMEOUT_MS, () => expectServing(httpsPort));

    const lines = ['size     floor us   ours us   ratio', '-------  --------  --------  ------'];
    const figures: Record<string, number> = {};
    const targets = [
      { name: 'floor', origin: `https://127.0.0.1:${floor.ports[0] ?? ''}`, pid: floor.child.pid ?? 0, path: '/' },
      { name: 'ours', origin: `https://127.0.0.1:${httpsPort}`, pid: ours.pid ?? 0, path: '/onion_req/v2' },
    ] as const;
    for (const { name, suffix, bytes } of SIZES) {
      const bodies = onions(relay, next, bytes);
      const costs = { floor: [] as number[], ours: [] as number[] };
      for (const { origin, path } of targets)
        await load(origin, path, bodies, { connections: CONNECTIONS, seconds: WARM_UP_SECONDS });
      for (let round = 0; round < rounds; round += 1) {
        for (const target of targets) {
          const before = cpuTimeUs(target.pid);
          const { requests } = await load(target.origin, target.path, bodies, { connections: CONNECTIONS, seconds });
          costs[target.name].push((cpuTimeUs(target.pid) - before) / requests);
        }
      }
      const ratios = costs.ours.map((cost, round) => cost / (costs.floor[round] ?? Number.NaN));
      const [floorUs, oursUs, ratio] = [median(costs.floor), median(costs.ours), median(ratios)];
      lines.push(
        `${name.padEnd(7)}  ${floorUs.toFixed(1).padStart(8)}  ${oursUs.toFixed(1).padStart(8)}  ${ratio.toFixed(2).padStart(6)}`,
      );
      figures[`hop_cpu_us${suffix}`] = rounded(oursUs);
      figures[`floor_cpu_us${suffix}`] = rounded(floorUs);
      figures[`hop_ratio${suffix}`] = rounded(ratio);
    }
    await bus.close();
    return { table: lines.join('\n'), figures };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await nats.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ready means: a request is no longer refused for want of a membership. */
async function expectServing(port: number): Promise<void> {
  const agent = new Agent({ connect: { rejectUnauthorized: false } });
  try {
    const answer = await request(`https://127.0.0.1:${port}/onion_req/v2`, {
      method: 'POST',
      body: '',
      dispatcher: agent,
    });
    await answer.body.dump();
    if (answer.statusCode !== 400) throw new Error(`status ${answer.statusCode}`);
  } finally {
    await agent.close();
  }
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

function relaySettings(folder: string, natsUrl: string, relay: NodeRecord): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    RELAY_KEY_FILE: join(folder, 'node.key'),
    RELAY_STATE_DIR: join(folder, 'relay'),
    RELAY_HTTPS_HOST: '127.0.0.1',
    RELAY_HTTPS_PORT: String(relay.httpsPort),
    RELAY_PEER_HOST: '127.0.0.1',
    RELAY_PEER_PORT: String(relay.peerPort),
    RELAY_NATS_URL: natsUrl,
    RELAY_ADMIN_PORT: '0',
    RELAY_LOG_LEVEL: 'warn',
  };
}
