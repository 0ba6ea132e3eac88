import type { IContainer } from 'kubernetes-models/v1/Container';
import type { z } from 'zod';
import { ConfigError, describeSettings, readConfig } from '#platform';
import { RELAY_PREFIX, relaySchema } from '../../../apps/relay/src/relay.config.js';
import { STORAGE_PREFIX, storageSchema } from '../../../apps/storage/src/storage.config.js';
import { SWARM_MANAGER_PREFIX, swarmManagerSchema } from '../../../apps/swarm-manager/src/swarm-manager.config.js';
import { nameOf, type Manifests, type Workload } from '../manifests.js';

interface Service {
  readonly prefix: string;
  readonly schema: z.ZodObject;
  /** Which setting says where each port of the container is; a port that is switched off is 0, and not there. */
  readonly ports: Readonly<Record<string, string>>;
}

export const SERVICES: Readonly<Record<string, Service>> = {
  relay: {
    prefix: RELAY_PREFIX,
    schema: relaySchema,
    ports: { https: 'RELAY_HTTPS_PORT', peer: 'RELAY_PEER_PORT', admin: 'RELAY_ADMIN_PORT' },
  },
  storage: { prefix: STORAGE_PREFIX, schema: storageSchema, ports: { admin: 'STORAGE_ADMIN_PORT' } },
  'swarm-manager': {
    prefix: SWARM_MANAGER_PREFIX,
    schema: swarmManagerSchema,
    ports: { admin: 'SWARM_MANAGER_ADMIN_PORT', seed: 'SWARM_MANAGER_SEED_PORT' },
  },
};

/** Settings that are paths in the container, without the prefix, and whether the service writes there. */
const PATHS = { KEY_FILE: false, STATE_DIR: true, LIST: false } as const;

/** Each service gets settings that exist, with values that it takes and that fit the pod it runs in. */
export function settingsProblems(manifests: Manifests): string[] {
  const services = Object.entries(SERVICES).flatMap(([name, service]) => {
    const workload = manifests.workload(name);
    return problemsOf(manifests, workload, service).map((problem) => `${name}: ${problem}`);
  });
  return [...services, ...strangers(manifests)];
}

type Environment = Record<string, string>;

/** What the container of a service gets, without what comes from Secrets. */
export function environmentOf(manifests: Manifests, { pod }: Workload): Environment {
  const [container] = pod.containers;
  const maps = (container?.envFrom ?? []).map(({ configMapRef }) => configMapRef?.name ?? '');
  const shared = maps.map((map) => manifests.of('ConfigMap').find((object) => nameOf(object) === map)?.data ?? {});
  const own = (container?.env ?? []).map(({ name, value = '' }) => [name, value]);
  return Object.assign({}, ...shared, Object.fromEntries(own)) as Environment;
}

function problemsOf(manifests: Manifests, workload: Workload, { prefix, schema, ports }: Service): string[] {
  const [container] = workload.pod.containers;
  if (container === undefined) return ['has no container'];
  const given = environmentOf(manifests, workload);
  const files = secretFilesOf(workload, container);
  const key = given[`${prefix}KEY_FILE`] ?? '';
  const problems = files.includes(key) ? [] : [`${prefix}KEY_FILE: ${key} comes from no Secret`];
  for (const { name } of describeSettings(schema).filter(({ isSecret }) => isSecret)) {
    if (given[name] !== undefined) problems.push(`${name}: a secret stands in the manifest`);
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    if (!files.includes(file)) problems.push(`${name}_FILE: ${file} is not mounted`);
    Reflect.deleteProperty(given, `${name}_FILE`);
    given[name] = 'what the file holds';
  }
  try {
    const config = readConfig(schema, prefix, given);
    return [...problems, ...misfits(manifests, container, { prefix, schema, ports }, config)];
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    return [...problems, ...cause.problems];
  }
}

/** Files of Secrets in a container, by their paths: mounted, or copied by an init container. */
function secretFilesOf({ pod }: Workload, { volumeMounts = [] }: IContainer): string[] {
  return volumeMounts.flatMap(({ name, mountPath }) => {
    const volumes = (pod.volumes ?? []).filter((volume) => [name, ...copiedInto(pod, name)].includes(volume.name));
    return volumes.flatMap(({ secret }) => secret?.items ?? []).map(({ path }) => `${mountPath}/${path}`);
  });
}

/** Volumes that an init container has beside this one. */
function copiedInto({ initContainers = [] }: Workload['pod'], name: string): string[] {
  const mounted = initContainers.map(({ volumeMounts = [] }) => volumeMounts.map((mount) => mount.name));
  return mounted.filter((names) => names.includes(name)).flat();
}

/** Values that the service takes and that do not go with the pod or the other objects. */
function misfits(
  manifests: Manifests,
  { ports = [], volumeMounts = [] }: IContainer,
  service: Service,
  config: Readonly<Record<string, unknown>>,
): string[] {
  const { prefix } = service;
  const problems: string[] = [];
  for (const [port, setting] of Object.entries(service.ports)) {
    const inside = ports.find(({ name }) => name === port)?.containerPort ?? 0;
    if (inside !== config[setting]) problems.push(`${setting}: is not the port ${port} of the container`);
  }
  if (config[`${prefix}ADMIN_HOST`] !== '0.0.0.0') problems.push(`${prefix}ADMIN_HOST: no probe gets there`);
  for (const [name, isWritten] of Object.entries(PATHS)) {
    const path = config[`${prefix}${name}`];
    if (typeof path !== 'string' || !path.startsWith('/')) continue;
    const mount = volumeMounts.find(({ mountPath }) => `${path}/`.startsWith(`${mountPath}/`));
    if (mount === undefined) problems.push(`${prefix}${name}: nothing is mounted at ${path}`);
    else if (isWritten && mount.readOnly === true) problems.push(`${prefix}${name}: ${path} cannot be written to`);
  }
  for (const name of ['NATS_URL', 'REDIS_URL']) {
    const url = config[`${prefix}${name}`];
    if (typeof url === 'string' && !leadsSomewhere(manifests, url)) {
      problems.push(`${prefix}${name}: there is no Service at ${url}`);
    }
  }
  return problems;
}

/** A name with dots is somebody else's server. */
function leadsSomewhere(manifests: Manifests, url: string): boolean {
  const { hostname, port } = new URL(url);
  if (hostname.includes('.')) return true;
  const service = manifests.of('Service').find((object) => nameOf(object) === hostname);
  return service?.spec?.ports?.some((own) => own.port === Number(port)) === true;
}

/** What stands among the settings and belongs to no service would be read by nobody. */
function strangers(manifests: Manifests): string[] {
  const prefixes = Object.values(SERVICES).map(({ prefix }) => prefix);
  const names = manifests
    .of('ConfigMap')
    .filter((map) => nameOf(map).startsWith('starling-settings'))
    .flatMap(({ data = {} }) => Object.keys(data));
  return names
    .filter((name) => !prefixes.some((prefix) => name.startsWith(prefix)))
    .map((name) => `starling-settings: ${name} is read by no service`);
}
