import { z } from 'zod';

const secrets = new WeakSet();
const inFiles = new WeakSet();

/** Lets a setting be given as a file (NAME_FILE) too. The last step of a schema: what is built on it is another one. */
export function orFile<S extends z.ZodType>(schema: S): S {
  inFiles.add(schema);
  return schema;
}

export const mayStandInFile = (schema: unknown): boolean =>
  typeof schema === 'object' && schema !== null && inFiles.has(schema);

/** A setting that may also be given as a file (NAME_FILE) and is never printed. */
export function secret(description: string): z.ZodOptional<z.ZodString> {
  const schema = orFile(z.string().min(1).optional().describe(description));
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
export const listSetting = () =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    )
    .default([]);

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
