import type { z } from 'zod';
import { isSecret, mayStandInFile } from './settings.js';

/** One setting, for tables and sample files. */
export interface SettingDescription {
  readonly name: string;
  /** What it is for, with its unit where it has one. */
  readonly description: string;
  /** True: it is never printed. */
  readonly isSecret: boolean;
  /** True: it may also stand in the file that NAME_FILE names. */
  readonly mayStandInFile: boolean;
  readonly isRequired: boolean;
  /** What holds when it is not given, as it would be written; null for nothing. */
  readonly standard: string | null;
}

/** The settings of a schema, in its order. */
export function describeSettings(schema: z.ZodObject): SettingDescription[] {
  return Object.entries(schema.shape).map(([name, field]: [string, z.ZodType]) => {
    const given = field.safeParse(undefined);
    return {
      name,
      description: field.description ?? '',
      isSecret: isSecret(field),
      mayStandInFile: mayStandInFile(field),
      isRequired: !given.success,
      standard: given.success ? written(given.data) : null,
    };
  });
}

/** Versions are lists of numbers; an empty list is nothing. */
function written(value: unknown): string | null {
  if (Array.isArray(value)) return value.join('.') || null;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}
