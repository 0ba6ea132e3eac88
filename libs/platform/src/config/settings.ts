import { z } from 'zod';

const secrets = new WeakSet();

/** A setting that may also be given as a file (NAME_FILE) and is never printed. */
export function secret(description: string): z.ZodOptional<z.ZodString> {
  const schema = z.string().min(1).optional().describe(description);
  secrets.add(schema);
  return schema;
}

export const isSecret = (schema: unknown): boolean =>
  typeof schema === 'object' && schema !== null && secrets.has(schema);

const wholeNumber = (min: number, max: number): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> =>
  z.string().transform((text, context) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message: `must be a whole number from ${min} to ${max}` });
    return z.NEVER;
  });

/** A whole number within bounds, written in decimal. */
export const numberSetting = (min: number, max: number, standard: number, description: string) =>
  wholeNumber(min, max).default(standard).describe(description);

/** A TCP port; 0 lets the system choose. */
export const portSetting = (standard: number, description: string) => numberSetting(0, 65_535, standard, description);

/** An address to listen on. */
export const hostSetting = (standard: string, description: string) =>
  z.union([z.ipv4(), z.ipv6()], 'must be an IP address of this machine').default(standard).describe(description);

export const flagSetting = (standard: boolean, description: string) =>
  z
    .enum(['true', 'false'], 'must be true or false')
    .transform((text) => text === 'true')
    .default(standard)
    .describe(description);

/** Items between commas; white space around them does not count. */
export const listSetting = (description: string) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    )
    .default([])
    .describe(description);

const VERSION = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** Three numbers, each at most 255, as the network publishes versions. */
export const versionSetting = (standard: readonly [number, number, number], description: string) =>
  z
    .string()
    .transform((text, context): readonly [number, number, number] => {
      const [, major = '', minor = '', patch = ''] = VERSION.exec(text) ?? [];
      const version = [Number(major), Number(minor), Number(patch)] as const;
      if (major !== '' && Math.max(...version) <= 255) return version;
      context.addIssue({ code: 'custom', message: 'must be three numbers up to 255 with dots between, such as 2.8.0' });
      return z.NEVER;
    })
    .default(standard)
    .describe(description);

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;

/** The settings that every service has, under its own prefix (`RELAY_` and so on). */
export function commonSettings<P extends string>(prefix: P, adminPort: number) {
  const settings = {
    NATS_URL: z
      .url({ protocol: /^(nats|tls)$/, error: 'must be an address such as nats://127.0.0.1:4222' })
      .default('nats://127.0.0.1:4222')
      .describe('address of the NATS server'),
    NATS_USER: z.string().min(1).optional().describe('user at the NATS server'),
    NATS_PASSWORD: secret('password at the NATS server'),
    ADMIN_HOST: hostSetting('127.0.0.1', 'address for metrics and health checks'),
    ADMIN_PORT: portSetting(adminPort, 'port for metrics and health checks'),
    LOG_LEVEL: z
      .enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)
      .default('info')
      .describe('least important lines that are logged'),
    KEY_FILE: z.string().min(1).describe('file with the node key (64 hex digits, mode 0600)'),
    REPORTED_VERSION: versionSetting([2, 8, 0], 'version told to the network; not the version of this program'),
  };
  const entries = Object.entries(settings).map(([name, schema]) => [`${prefix}${name}`, schema]);
  return Object.fromEntries(entries) as { [K in keyof typeof settings as `${P}${K}`]: (typeof settings)[K] };
}
