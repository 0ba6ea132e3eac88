import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { describeSettings } from '#platform';
import { parse } from 'yaml';
import { composeSchema, isOfComposition } from '../../../apps/cli/src/config/compose-settings.js';
import { SERVICES } from '../../../apps/cli/src/config/services.js';

interface Service {
  readonly image: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string | number | null>>;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly profiles?: readonly string[];
  readonly [key: string]: unknown;
}

const fileOf = (name: string): Promise<string> => readFile(new URL(`../../../${name}`, import.meta.url), 'utf8');
const text = await fileOf('docker-compose.yml');
const rules = await fileOf('monitoring/prometheus/rules.yml');
const direct = await fileOf('docker/direct.yml');
const composed = parse(text, { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
};
const services = Object.entries(composed.services);
const OUR_SERVICES = SERVICES.map(({ name }) => name);

describe('docker-compose.yml', () => {
  it('reads the names of its own that .env.example lists, and no others', () => {
    const read = [...text.matchAll(/(?<!\$)\$\{([A-Z_]+)/g)].map(([, name = '']) => name);
    const own = Object.keys(composeSchema.shape).filter(isOfComposition);
    expect([...new Set(read)].sort()).toEqual(own.sort());
  });

  it.each(SERVICES)('decides each setting of $name itself or hands it on from .env', ({ name, schema }) => {
    const environment = composed.services[name]?.environment ?? {};
    const known = describeSettings(schema).map((setting) => setting.name);
    const ours = Object.keys(environment).filter((variable) => !variable.startsWith('MALLOC_'));
    expect(
      ours.filter((variable) => !known.includes(variable.replace(/_FILE$/, '')) && !known.includes(variable)),
    ).toEqual([]);
    const handedOn = ours.filter((variable) => environment[variable] === null);
    expect(handedOn.sort()).toEqual(known.filter((variable) => Object.hasOwn(composeSchema.shape, variable)).sort());
  });

  it('uses the defaults that .env.example gives', () => {
    const defaults = new Map(describeSettings(composeSchema).map(({ name, standard }) => [name, standard ?? '']));
    for (const [, name = '', used] of text.matchAll(/(?<!\$)\$\{([A-Z_]+):-([^{}$]*)\}/g)) {
      expect([name, used]).toEqual([name, defaults.get(name)]);
    }
  });

  it('gives each service the memory that an alert is about', () => {
    const rule = /vector\((\d+) \* 1024 \* 1024\)\s+labels: \{ job: ([a-z-]+) \}/g;
    const alerted = [...rules.matchAll(rule)].map(([, mebibytes, job = '']) => [job, Number(mebibytes)]);
    const given = OUR_SERVICES.map((name) => {
      const [, number, unit] = /(\d+)([mg])\}?$/.exec(String(composed.services[name]?.['mem_limit'])) ?? [];
      return [name, Number(number) * (unit === 'g' ? 1_024 : 1)];
    });
    expect(alerted.sort()).toEqual(given.sort());
  });

  it('examines in `doctor` what the services are given', () => {
    const { SWARM_MANAGER_STATE_DIR: other, ...examined } = composed.services.doctor?.environment ?? {};
    const given = Object.assign({}, ...OUR_SERVICES.map((name) => composed.services[name]?.environment)) as object;
    expect(other).not.toBe('/state');
    const compared = Object.entries(given).filter(([name]) => !/^(MALLOC_|SWARM_MANAGER_STATE_DIR)/.test(name));
    expect(examined).toEqual(Object.fromEntries(compared));
  });

  it('publishes the two ports of the protocol to the world, and others on this machine alone', () => {
    const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port] as const));
    const worldwide = published.filter(([, port]) => !/^(127\.0\.0\.1:|\$\{SEED_BIND:-127\.0\.0\.1\}:)/.test(port));
    expect(worldwide.map(([name, port]) => [name, /^\$\{(\w+)_BIND:-0\.0\.0\.0\}/.exec(port)?.[1]])).toEqual([
      ['door', 'HTTPS'],
      ['door', 'PEER'],
    ]);
    for (const name of ['redis', 'nats', 'relay', 'storage', 'prepare'])
      expect(composed.services[name]?.ports).toBeUndefined();
    for (const name of ['redis', 'nats']) expect(composed.services[name]?.networks).toEqual(['inside']);
    expect(composed.networks.inside).toEqual({ internal: true });
  });

  it.each(services)('keeps %s within bounds and without rights', (_name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      pids_limit: expect.any(Number),
      mem_limit: expect.any(String),
      logging: { options: { 'max-size': expect.any(String), 'max-file': expect.any(String) } },
    });
    expect(service.image).toMatch(/:(?!.*latest)/);
    expect(service).not.toHaveProperty('privileged');
  });

  it('holds no secret, and gives none to a service in its environment', () => {
    for (const [name, { environment = {} }] of services) {
      if (name === 'prepare') continue; // it writes those that are given into files
      expect(Object.keys(environment).filter((variable) => variable.endsWith('_PASSWORD'))).toEqual([]);
    }
    for (const [, value = ''] of text.matchAll(/PASSWORD: (.*)$/gm)) expect(value).toMatch(/^\$\{[A-Z]+_PASSWORD:-\}$/);
  });

  it('names the release that package.json has, as the image does', async () => {
    const { version } = JSON.parse(await fileOf('package.json')) as { version: string };
    expect(composeSchema.shape.STARLING_VERSION.parse(undefined)).toBe(version);
    expect(await fileOf('Dockerfile')).toContain(`ARG VERSION=${version}\n`);
    expect(text).toContain(`\${STARLING_VERSION:-${version}}`);
  });
});

describe('docker/direct.yml', () => {
  const isTaken = Symbol('taken away');
  const reset = { tag: '!reset', resolve: () => isTaken };
  const changed = (
    parse(direct, { customTags: [reset] }) as { readonly services: Readonly<Record<string, Service | typeof isTaken>> }
  ).services;

  it('takes the door away, and has the relay publish what the door would', () => {
    const { door, relay, doctor, ...others } = changed;
    expect(others).toEqual({});
    expect(door).toBe(isTaken);
    expect(relay).toEqual({ environment: { RELAY_BEHIND_DOOR: 'false' }, ports: composed.services.door?.ports });
    expect(doctor).toMatchObject({ network_mode: 'service:relay', environment: { RELAY_BEHIND_DOOR: 'false' } });
  });

  it('has the doctor look at all services but the door, as docker-compose.yml does', () => {
    const { command } = changed.doctor as Service;
    const [usual = []] = [composed.services.doctor?.command];
    const others = OUR_SERVICES.filter((name) => name !== 'door').map((name) => `--only=${name}`);
    const elsewhere = usual.filter((word) => word.startsWith('--at=') && !word.startsWith('--at=relay='));
    expect(command).toEqual(['starling', 'doctor', ...others, ...elsewhere]);
  });
});

describe('the image', () => {
  it('asks for the health of a service where its schema puts the admin port', async () => {
    const [, written = ''] = /const PORTS = \{(.*)\};/.exec(await fileOf('docker/bin/health.js')) ?? [];
    const expected = SERVICES.map(({ prefix, schema }) => {
      const standard = describeSettings(schema).find(({ name }) => name === `${prefix}ADMIN_PORT`)?.standard;
      return [prefix.slice(0, -1), standard];
    });
    expect(
      Object.fromEntries(
        [...written.matchAll(/(\w+): (\w+)/g)].map(([, name, port = '']) => [name, port.replace('_', '')]),
      ),
    ).toEqual(Object.fromEntries(expected));
  });
});
