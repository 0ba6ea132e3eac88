import { dirname, join, resolve } from 'node:path';
import { mustAskForPassword } from '#platform';
import type { ListTrust } from '#protocol';
import type { GivenSettings, SettingsReport } from './given-settings.js';
import { SERVICES } from './services.js';
import type { ServiceName } from './services.js';

interface Place {
  /** The setting that names it, for remedies. */
  readonly setting: string;
  readonly path: string;
}

/** A server that services talk to, with the credentials they use. */
interface Server {
  /** Of the settings, for remedies: `STORAGE_`. */
  readonly prefix: string;
  readonly url: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly caFile: string | undefined;
  /** Whether a server that lets anybody in is a fault. */
  readonly mustAskForPassword: boolean;
}

/** What the usable settings say about a node. Where a service is not set up here, or its settings are broken, less. */
export interface NodeFacts {
  readonly keys: readonly Place[];
  readonly stateFolders: readonly Place[];
  /** Files with passwords in them. */
  readonly secrets: readonly Place[];
  readonly list: { readonly source: string; readonly setting: string; readonly trust: ListTrust } | null;
  readonly admin: readonly { readonly service: ServiceName; readonly url: string }[];
  readonly redis: (Server & { readonly isCluster: boolean; readonly keyPrefix: string }) | null;
  readonly nats: readonly Server[];
  readonly ports: { readonly https: number; readonly peer: number } | null;
  readonly version: readonly number[] | null;
  /** True: Redis, NATS and the admin ports are inside a composition and cannot be asked from here. */
  readonly isComposed: boolean;
}

/** Addresses of admin ports, such as `http://storage:9102`, instead of those of the settings. */
export type AdminPlaces = Readonly<Partial<Record<ServiceName, string>>>;

/** For a service without usable settings, which is asked nothing. */
const LOOPBACK = 'nats://127.0.0.1';

type Values = Readonly<Record<string, unknown>>;

export function nodeFacts(given: GivenSettings, reports: readonly SettingsReport[], at: AdminPlaces = {}): NodeFacts {
  if (given.kind === 'compose') return composedFacts(given, reports[0]?.config ?? {});
  const all: Values = Object.assign({}, ...reports.map(({ config }) => config ?? {})) as Values;
  const text = (name: string): string | undefined => (typeof all[name] === 'string' ? all[name] : undefined);
  const places = (suffix: string): Place[] =>
    SERVICES.flatMap(({ prefix }) => {
      const path = text(`${prefix}${suffix}`);
      return path === undefined ? [] : [{ setting: `${prefix}${suffix}`, path }];
    });
  const server = (prefix: string, kind: 'NATS' | 'REDIS'): Server => ({
    prefix,
    url: text(`${prefix}${kind}_URL`) ?? '',
    user: text(`${prefix}${kind}_USER`),
    password: text(`${prefix}${kind}_PASSWORD`),
    caFile: text(`${prefix}${kind}_CA_FILE`),
    mustAskForPassword: mustAskForPassword(
      text(`${prefix}${kind}_URL`) ?? LOOPBACK,
      all[`${prefix}OPEN_SERVERS`] === true,
    ),
  });
  const usable = SERVICES.filter(({ prefix }) => typeof all[`${prefix}ADMIN_PORT`] === 'number');
  const source = text('SWARM_MANAGER_LIST');
  return {
    keys: places('KEY_FILE'),
    stateFolders: places('STATE_DIR'),
    secrets: secretFiles(given),
    list:
      source === undefined ? null : { source, setting: 'SWARM_MANAGER_LIST', trust: trustIn(all, 'SWARM_MANAGER_') },
    admin: usable.map(({ name, prefix }) => ({ service: name, url: at[name] ?? adminUrl(all, prefix) })),
    redis:
      text('STORAGE_REDIS_URL') === undefined
        ? null
        : {
            ...server('STORAGE_', 'REDIS'),
            isCluster: all.STORAGE_REDIS_CLUSTER === true,
            keyPrefix: text('STORAGE_REDIS_PREFIX') ?? '',
          },
    nats: usable
      .filter(({ prefix }) => text(`${prefix}NATS_URL`) !== undefined)
      .map(({ prefix }) => server(prefix, 'NATS')),
    ports: portsIn(all, 'DOOR_') ?? portsIn(all, 'RELAY_'),
    version: (all.RELAY_REPORTED_VERSION as number[] | undefined) ?? null,
    isComposed: false,
  };
}

/** Paths in `.env` of Docker Compose are relative to its folder. */
function composedFacts({ file }: GivenSettings, config: Values): NodeFacts {
  const nodeFolder = isFolder(config.NODE_DIR) ? resolve(dirname(file ?? ''), config.NODE_DIR) : null;
  const secrets = file === null ? [] : [{ setting: '.env', path: file }];
  return {
    keys: nodeFolder === null ? [] : [{ setting: 'NODE_DIR', path: join(nodeFolder, 'node.key') }],
    stateFolders: [],
    secrets,
    list:
      nodeFolder === null || config.NETWORK === undefined
        ? null
        : { source: join(nodeFolder, 'network.json'), setting: 'NODE_DIR', trust: trustIn(config, '') },
    admin: [],
    redis: null,
    nats: [],
    ports: portsIn(config, ''),
    version: null,
    isComposed: true,
  };
}

/** Otherwise it is the name of a volume, which only the composition's own containers see. */
function isFolder(place: unknown): place is string {
  return typeof place === 'string' && /^[./~]/.test(place);
}

function trustIn(config: Values, prefix: string): ListTrust {
  return {
    network: config[`${prefix}NETWORK`] as string,
    admins: config[`${prefix}ADMINS`] as string[],
    required: config[`${prefix}ADMINS_REQUIRED`] as number,
  };
}

function portsIn(config: Values, prefix: string): NodeFacts['ports'] {
  const [https, peer] = [config[`${prefix}HTTPS_PORT`], config[`${prefix}PEER_PORT`]];
  return typeof https === 'number' && typeof peer === 'number' ? { https, peer } : null;
}

/** A service that listens on every address answers on this machine's own. */
function adminUrl(all: Values, prefix: string): string {
  const host = String(all[`${prefix}ADMIN_HOST`])
    .replace(/^0\.0\.0\.0$/, '127.0.0.1')
    .replace(/^::$/, '::1');
  return `http://${host.includes(':') ? `[${host}]` : host}:${String(all[`${prefix}ADMIN_PORT`])}`;
}

function secretFiles({ file, values }: GivenSettings): Place[] {
  const named = Object.entries(values).flatMap(([setting, path]) =>
    /^(RELAY|STORAGE|SWARM_MANAGER)_.*PASSWORD_FILE$/.test(setting) && path ? [{ setting, path }] : [],
  );
  const holdsPassword = Object.entries(values).some(([name, value]) => name.endsWith('PASSWORD') && value);
  return file !== null && holdsPassword ? [...named, { setting: 'the env file', path: file }] : named;
}
