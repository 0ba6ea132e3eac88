import { afterEach, describe, expect, it } from '@jest/globals';
import { withDerived } from '../devnet-file.js';
import type { Devnet, RunningNode } from '../devnet-file.js';
import type { ServerSource } from '../../servers/server-source.js';
import { nodeUnit } from './node-unit.js';
import { cleanEnvironment, serviceSettings } from './service-environment.js';

const BINARY = { kind: 'binary', path: '/usr/bin/server' } as const;

function aNode(index: number): RunningNode {
  const base = 1_000 * index;
  return {
    name: `node-${index}`,
    ed25519: `${index}`.repeat(64),
    x25519: `${index}`.repeat(64),
    ip: '127.0.0.1',
    httpsPort: base + 1,
    peerPort: base + 2,
    swarmId: '0000000000000000',
    state: 'active',
    run: { relayAdmin: base + 3, storageAdmin: base + 4, swarmManagerAdmin: base + 5, seed: base + 6 },
  };
}

function aDevnet({
  redis = BINARY,
  nats = BINARY,
  ownUsers = true,
}: Partial<Record<'redis' | 'nats', ServerSource>> & { ownUsers?: boolean }): {
  devnet: Devnet;
  first: RunningNode;
  second: RunningNode;
} {
  const [first, second] = [aNode(1), aNode(2)];
  const stored = {
    format: 1 as const,
    id: 'abc123',
    network: 'devnet',
    admin: 'ad'.repeat(32),
    hardfork: [19, 4] as [number, number],
    version: '2.8.0',
    outsideAllow: ['127.0.0.1:80', 'localhost:81'],
    separate: false,
    guardPort: 1,
    redis: { source: redis, port: 2, ownUsers },
    nats: { source: nats, port: 3 },
    nodes: [first, second],
  };
  return { devnet: withDerived(stored, '/devnet'), first, second };
}

describe('the settings of a node', () => {
  it('are of its own: ports, folders and credentials', () => {
    const { devnet, first, second } = aDevnet({});
    const [one, two] = [serviceSettings(devnet, first), serviceSettings(devnet, second)];
    const shared = ['ADMINS', 'NETWORK', 'LIST', 'LIST_POLL_MS', 'PING_INTERVAL_MS', 'HARDFORK', 'SEED_HOST'].map(
      (name) => `SWARM_MANAGER_${name}`,
    );
    const alike = Object.keys(one).filter(
      (name) => one[name] === two[name] && !/_(HOST|VERSION|URL|ALLOW|DRAIN_MS)$/.test(name),
    );
    expect(alike.sort()).toEqual(shared.filter((name) => !name.endsWith('_HOST')).sort());
    expect(one).toMatchObject({
      RELAY_HTTPS_PORT: '1001',
      RELAY_OUTSIDE_ALLOW: '127.0.0.1:80,localhost:81',
      RELAY_NATS_URL: 'nats://127.0.0.1:3',
      RELAY_NATS_USER: 'abc123-node-1',
      STORAGE_REDIS_URL: 'redis://127.0.0.1:2',
      STORAGE_REDIS_PREFIX: 'abc123-node-1',
      SWARM_MANAGER_SEED_PORT: '1006',
      SWARM_MANAGER_LIST_POLL_MS: '1000',
    });
  });

  it('hold no password', () => {
    const { devnet, first } = aDevnet({});
    const names = Object.keys(serviceSettings(devnet, first)).filter((name) => name.includes('PASSWORD'));
    expect(names.every((name) => name.endsWith('_FILE'))).toBe(true);
  });

  it('give each node an account of a NATS server that others run', () => {
    const urls = ['nats://u1:p1@host:4222', 'nats://u2:p%402@host:4222'];
    const { devnet, second } = aDevnet({ nats: { kind: 'given', urls } });
    expect(serviceSettings(devnet, second)).toMatchObject({
      STORAGE_NATS_URL: expect.stringMatching(/^nats:\/\/host:4222/),
      STORAGE_NATS_USER: 'u2',
      STORAGE_NATS_PASSWORD: 'p@2',
    });
  });

  it('share the credentials of a Redis that others run only where there are no users of our own', () => {
    const redis = { kind: 'given', urls: ['redis://admin:secret@host:6379/0'] } as const;
    const own = aDevnet({ redis: { ...redis, urls: [...redis.urls] } });
    expect(JSON.stringify(serviceSettings(own.devnet, own.first))).not.toContain('secret');
    const shared = aDevnet({ redis: { ...redis, urls: [...redis.urls] }, ownUsers: false });
    expect(serviceSettings(shared.devnet, shared.first).STORAGE_REDIS_URL).toBe('redis://admin:secret@host:6379/0');
  });
});

describe('the environment of a node', () => {
  it('has no settings of services that happen to be set here', () => {
    const env = {
      PATH: '/bin',
      RELAY_HTTPS_PORT: '1',
      STORAGE_X: '1',
      SWARM_MANAGER_X: '1',
      NODE_OPTIONS: '--inspect',
    };
    expect(cleanEnvironment(env)).toEqual({ PATH: '/bin' });
  });
});

describe('what the services of a node log', () => {
  afterEach(() => void Reflect.deleteProperty(process.env, 'STARLING_DEVNET_LOG_LEVEL'));

  it('is as much as one asks for', () => {
    process.env.STARLING_DEVNET_LOG_LEVEL = 'trace';
    const { devnet, first } = aDevnet({});
    for (const { env } of nodeUnit(devnet, first).processes) {
      expect(env).toMatchObject({
        RELAY_LOG_LEVEL: 'trace',
        STORAGE_LOG_LEVEL: 'trace',
        SWARM_MANAGER_LOG_LEVEL: 'trace',
      });
    }
  });
});

describe('the process of a node', () => {
  const VARIABLE = 'STARLING_DEVNET_NODE_FLAGS';
  const told = process.env[VARIABLE];
  const flags = (): readonly string[] => {
    const { devnet, first } = aDevnet({});
    const { args = [] } = nodeUnit(devnet, first).processes[0] ?? {};
    return args.slice(0, args.indexOf('--import'));
  };

  afterEach(() => {
    if (told === undefined) Reflect.deleteProperty(process.env, VARIABLE);
    else process.env[VARIABLE] = told;
  });

  it('is made small', () => {
    Reflect.deleteProperty(process.env, VARIABLE);
    expect(flags()).toContain('--optimize-for-size');
  });

  it.each([
    ['--max-semi-space-size=4 --cpu-prof', ['--max-semi-space-size=4', '--cpu-prof']],
    ['', []],
  ])('has the flags that it is told instead: "%s"', (text, expected) => {
    process.env[VARIABLE] = text;
    expect(flags()).toEqual(expected);
  });
});
