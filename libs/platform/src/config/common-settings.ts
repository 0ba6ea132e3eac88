import { z } from 'zod';
import { caSetting, openServersSetting } from './server-access.js';
import { hostSetting, listSetting, portSetting, secret, versionSetting } from './settings.js';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;

const adminEntries = (adminPort: number) => ({
  ADMIN_HOST: hostSetting('127.0.0.1', 'address for metrics and health checks'),
  ADMIN_NAMES: listSetting()
    .transform((names) => names.map((name) => name.toLowerCase()))
    .describe('public names by which the admin port may be asked for, as behind a proxy, with commas between'),
  ADMIN_PORT: portSetting(adminPort, 'port for metrics and health checks'),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)
    .default('info')
    .describe('least important lines that are logged'),
});

const commonEntries = (adminPort: number) => ({
  NATS_URL: z
    .url({ protocol: /^(nats|tls)$/, error: 'must be an address such as nats://127.0.0.1:4222' })
    .default('nats://127.0.0.1:4222')
    .describe('address of the NATS server'),
  NATS_USER: z.string().min(1).optional().describe('user at the NATS server'),
  NATS_PASSWORD: secret('password at the NATS server'),
  NATS_CA_FILE: caSetting('NATS'),
  OPEN_SERVERS: openServersSetting(),
  ...adminEntries(adminPort),
  KEY_FILE: z.string().min(1).describe('file with the node key (64 hex digits, mode 0600)'),
  REPORTED_VERSION: versionSetting([2, 8, 0], 'version told to the network; not the version of this program'),
});

type AdminEntries = ReturnType<typeof adminEntries>;
type CommonEntries = ReturnType<typeof commonEntries>;
type Prefixed<Entries, P extends string> = { [K in keyof Entries as `${P}${K & string}`]: Entries[K] };

/** The settings of a service that neither has the node key nor talks to others of ours. */
export const adminSettings = <P extends string>(prefix: P, adminPort: number): Prefixed<AdminEntries, P> =>
  prefixed(adminEntries(adminPort), prefix);

/** The settings that every other service has, under its own prefix (`RELAY_` and so on). */
export const commonSettings = <P extends string>(prefix: P, adminPort: number): Prefixed<CommonEntries, P> =>
  prefixed(commonEntries(adminPort), prefix);

export type AdminValues = Readonly<z.infer<z.ZodObject<AdminEntries>>>;
export type CommonValues = Readonly<z.infer<z.ZodObject<CommonEntries>>>;

/** What `adminSettings` made, without the prefix. `config` comes from a schema that has them. */
export const adminValues = (config: object, prefix: string): AdminValues =>
  withoutPrefix(config, prefix) as AdminValues;

/** What `commonSettings` made, likewise. */
export const commonValues = (config: object, prefix: string): CommonValues =>
  withoutPrefix(config, prefix) as CommonValues;

function prefixed<Entries extends object, P extends string>(entries: Entries, prefix: P): Prefixed<Entries, P> {
  const named = Object.entries(entries).map(([name, schema]: [string, unknown]) => [`${prefix}${name}`, schema]);
  return Object.fromEntries(named) as Prefixed<Entries, P>;
}

function withoutPrefix(config: object, prefix: string): unknown {
  const own = Object.entries(config)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]: [string, unknown]) => [name.slice(prefix.length), value]);
  return Object.fromEntries(own);
}
