import type { z } from 'zod';
import { describeSettings } from '#platform';
import type { SettingDescription } from '#platform';

/**
 * An env file with every setting of a schema, to be filled in: what must be given stands open; what may be changed is
 * commented out, with the value that holds anyway.
 */
export function sampleLines(title: string, schema: z.ZodObject): string[] {
  return [`# ${title}`, '', ...describeSettings(schema).flatMap(linesOf)];
}

function linesOf({ name, description, isSecret, isRequired, standard }: SettingDescription): string[] {
  if (isRequired) return [`# ${description} (required)`, `${name}=`];
  if (isSecret) return [`# file that holds the ${description}; or ${name}= here`, `#${name}_FILE=`];
  return [`# ${description}`, `#${name}=${standard ?? ''}`];
}
