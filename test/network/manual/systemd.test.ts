import { execFile } from 'node:child_process';
import { appendFile, chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { findBinary, freePorts, waitUntil } from '#testing';
import { ManualPage } from '../../manual/manual-page.js';
import { StandIn } from '../../manual/stand-in.js';
import { NETWORK_TIMEOUT_MS, RECOVERY_TIMEOUT_MS, TEST_TIMEOUT_MS } from '../timeouts.js';
import { SystemdUnit } from './systemd-unit.js';

const UNITS = join(process.cwd(), 'systemd');
const NODE = 'one';
const SERVERS = ['redis', 'nats'];
const SERVICES = ['relay', 'storage', 'swarm-manager'];

/** Installed by the tests' set-up where it can; a machine with a container engine only has none. */
const withServers = findBinary(['redis-server']) && findBinary(['nats-server']) ? describe : describe.skip;
const withSystemd = findBinary(['systemd-analyze']) ? it : it.skip;

describe('the units of systemd', () => {
  withSystemd('are understood by systemd, and keep a service from what it does not need', async () => {
    const env = { ...process.env, SYSTEMD_UNIT_PATH: `${UNITS}:/lib/systemd/system:/usr/lib/systemd/system` };
    const analyze = promisify(execFile);
    const { stdout, stderr } = await analyze('systemd-analyze', ['verify', `starling@${NODE}.target`], { env });
    expect(stdout + stderr).not.toMatch(/starling/);

    for (const unit of [...SERVERS, ...SERVICES]) {
      const args = ['security', '--offline=yes', '--threshold=20', `starling-${unit}@${NODE}.service`];
      await analyze('systemd-analyze', args, { env }); // ends with 1 when the exposure is above 2.0 of 10
    }
  });
});

withServers('the commands of docs/operators/systemd.md', () => {
  const page = ManualPage.read('docs/operators/systemd.md');
  let machine: StandIn;
  let units: SystemdUnit[];
  let nodeEnv: string;
  beforeAll(async () => {
    machine = await StandIn.make();
    units = [...SERVERS, ...SERVICES].map((name) => new SystemdUnit(name, machine, NODE));
    nodeEnv = join(machine.folder, 'etc', NODE, 'node.env');
  });
  afterAll(async () => {
    try {
      for (const unit of [...units].reverse()) await unit.stop();
    } finally {
      await machine.remove();
    }
  }, NETWORK_TIMEOUT_MS);

  /** The section on a second node says how a node gets other ports; ours gets free ones that way. */
  async function otherPorts(): Promise<Record<string, number>> {
    const [settings = ''] = page.plain;
    const names = [...settings.matchAll(/^(\w+)=.*?(\d+)$/gm)].map(([line, name = '', port = '']) => ({
      line,
      name,
      port,
    }));
    const given = [...new Set(names.map(({ port }) => port))];
    const free = await freePorts(given.length);
    const portOf = (port: string): number => free[given.indexOf(port)] ?? 0;
    const lines = names.map(({ line, port }) => line.replace(new RegExp(`${port}$`), String(portOf(port))));
    await appendFile(nodeEnv, `${lines.join('\n')}\n`);
    const ports = Object.fromEntries(names.map(({ name, port }) => [name, portOf(port)]));

    const servers = join(machine.folder, 'etc', NODE, 'servers.env');
    const text = (await readFile(servers, 'utf8'))
      .replace(/^REDIS_PORT=.*/m, `REDIS_PORT=${ports.STORAGE_REDIS_URL ?? 0}`)
      .replace(/^NATS_PORT=.*/m, `NATS_PORT=${ports.STORAGE_NATS_URL ?? 0}`)
      .replace(/^REDIS_MAXMEMORY=.*/m, 'REDIS_MAXMEMORY=100mb');
    await writeFile(servers, text);
    return ports;
  }

  it(
    'set up a node that its units start, that doctor finds well, and that ends in order',
    async () => {
      const said = await machine.run(page.takeAll());
      expect(said).toContain('no problem');
      const ports = await otherPorts();
      const [https = 0, peer = 0] = [ports.RELAY_HTTPS_PORT, ports.RELAY_PEER_PORT];
      await machine.run([
        `cd /etc/starling/${NODE}`,
        `KEY=$(starling keys show node.key --json | node -p 'JSON.parse(require("fs").readFileSync(0)).ed25519')`,
        `starling network add $KEY --ip 127.0.0.1 --https-port ${https} --peer-port ${peer} --dir /etc/starling/network`,
        'starling network sign --dir /etc/starling/network && cp /etc/starling/network/network.json .',
      ]);
      await chmod(nodeEnv, 0o600);

      for (const unit of units) unit.start();
      for (const name of ['RELAY', 'STORAGE', 'SWARM_MANAGER']) {
        const url = `http://127.0.0.1:${ports[`${name}_ADMIN_PORT`] ?? 0}/health/ready`;
        await waitUntil(`${name} ready`, RECOVERY_TIMEOUT_MS, async () => {
          for (const unit of units) unit.failIfEnded();
          const { statusCode, body } = await request(url);
          if (statusCode !== 200) throw new Error(await body.text());
        });
      }

      const examined = JSON.parse(
        await machine.run([`starling doctor --env-file /etc/starling/${NODE}/node.env --min-free 1 --json || true`]),
      ) as { ok: boolean; findings: { level: string; check: string; says: string }[] };
      expect(examined.findings.filter(({ level }) => level === 'fail')).toEqual([]);

      const services = units.filter(({ name }) => SERVICES.includes(name));
      for (const unit of services) expect({ [unit.name]: await unit.stop() }).toEqual({ [unit.name]: 0 });
    },
    TEST_TIMEOUT_MS,
  );
});
