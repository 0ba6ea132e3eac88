import { readFile } from 'node:fs/promises';
import { tableLines } from '../terminal/table.js';
import { runningNodes } from './devnet-file.js';
import type { Devnet } from './devnet-file.js';
import type { ProcessRecord } from './run/process-record.js';
import { ask } from './run/probe.js';
import { aliveProcesses } from './run/running.js';
import { nodeUnit } from './units/node-unit.js';
import { serverUnits } from './units/devnet-units.js';
import type { Unit } from './units/unit.js';

export interface UnitStatus {
  readonly name: string;
  /** `ready`, `stopped`, `not run`, or what is missing. */
  readonly state: string;
  readonly pids: readonly number[];
  /** Resident memory in bytes, where the system says it. */
  readonly memory_bytes: number | null;
}

export interface NodeStatus extends UnitStatus {
  readonly address: string;
  readonly peer_port: number;
  readonly swarm_id: string;
  readonly pubkey_ed25519: string;
}

export interface DevnetStatus {
  readonly nodes: readonly NodeStatus[];
  readonly servers: readonly UnitStatus[];
}

/** How a devnet is at this moment. */
export async function devnetStatus(devnet: Devnet): Promise<DevnetStatus> {
  const running = new Map(runningNodes(devnet).map((node) => [node.ed25519, node]));
  const nodes = devnet.nodes.map(async (entry) => {
    const node = running.get(entry.ed25519);
    const notRun: UnitStatus = { name: entry.name, state: 'not run', pids: [], memory_bytes: null };
    return {
      ...(node ? await unitStatus(nodeUnit(devnet, node)) : notRun),
      address: `${entry.ip}:${entry.httpsPort}`,
      peer_port: entry.peerPort,
      swarm_id: entry.swarmId,
      pubkey_ed25519: entry.ed25519,
    };
  });
  return { nodes: await Promise.all(nodes), servers: await Promise.all(serverUnits(devnet).map(unitStatus)) };
}

/** The status as a table for people. */
export async function statusLines(devnet: Devnet): Promise<string[]> {
  const { nodes, servers } = await devnetStatus(devnet);
  const nodeRows = nodes.map((node) => [
    node.name,
    node.state,
    node.address,
    String(node.peer_port),
    node.swarm_id,
    node.pubkey_ed25519.slice(0, 8),
    node.pids.join(' '),
    inMegabytes(node.memory_bytes),
  ]);
  const serverRows = servers.map(({ name, state, pids, memory_bytes: memory }) => {
    return [name, state, '', '', '', '', pids.join(' '), inMegabytes(memory)];
  });
  const all = [...nodes, ...servers];
  const total = all.reduce((sum, { memory_bytes: memory }) => sum + (memory ?? 0), 0);
  const heading = ['name', 'state', 'https', 'peer', 'swarm', 'key', 'pid', 'memory'];
  return [...tableLines(heading, [...nodeRows, ...serverRows]), `memory in all: ${inMegabytes(total)}`];
}

async function unitStatus(unit: Unit): Promise<UnitStatus> {
  const alive = await aliveProcesses(unit);
  const memories = await Promise.all(alive.map(memoryOf));
  return {
    name: unit.name,
    state: await stateOf(unit, alive),
    pids: alive.map(({ pid }) => pid),
    memory_bytes: memories.includes(null) ? null : memories.reduce<number>((sum, memory) => sum + (memory ?? 0), 0),
  };
}

async function stateOf(unit: Unit, alive: readonly ProcessRecord[]): Promise<string> {
  if (alive.length === 0) return 'stopped';
  const missing = unit.processes.filter(({ role }) => !alive.some((record) => record.role === role));
  if (missing.length > 0) return `${missing.map(({ role }) => role).join(', ')} stopped`;
  const problems = await Promise.all(unit.processes.flatMap(({ probes }) => probes).map(ask));
  return problems.find((problem) => problem !== null) ?? 'ready';
}

async function memoryOf({ pid }: ProcessRecord): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return kilobytes === undefined ? null : Number(kilobytes) * 1_024;
}

function inMegabytes(bytes: number | null): string {
  return bytes === null ? '' : `${Math.round(bytes / 1_048_576)} MiB`;
}
