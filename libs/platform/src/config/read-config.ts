import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError } from './config-error.js';
import { accessProblems } from './server-access.js';
import { mayStandInFile } from './settings.js';

/**
 * Reads every variable that begins with the prefix and reports all problems at once. A name that the schema does not
 * know is a problem too: a misspelt setting must not be silently ignored. A secret, and what is marked with `orFile`, may
 * stand in NAME itself or in the file that NAME_FILE points to.
 */
export function readConfig<S extends z.ZodObject>(
  schema: S,
  prefix: string,
  env: NodeJS.ProcessEnv,
): Readonly<z.infer<S>> {
  const problems: string[] = [];
  const given = ownVariables(prefix, env);
  for (const name of Object.keys(schema.shape).filter((key) => mayStandInFile(schema.shape[key]))) {
    resolveFile(name, given, problems);
  }
  const names = Object.keys(schema.shape);
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  problems.push(...unknown.map((name) => `${name}: there is no such setting; ${nearest(name, names)}`));

  const known = Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)));
  const result = schema.safeParse(known);
  if (result.success) problems.push(...accessProblems(result.data, prefix));
  else problems.push(...result.error.issues.map((issue) => sentence(issue, schema, known)));
  if (problems.length > 0 || !result.success) throw new ConfigError(problems);
  return Object.freeze(result.data);
}

/** An empty value counts as not given: that is how compose files and shells leave a setting out. */
function ownVariables(prefix: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const ours = Object.entries(env).filter(
    ([name, value]) => name.startsWith(prefix) && value !== undefined && value !== '',
  );
  return Object.fromEntries(ours) as Record<string, string>;
}

function resolveFile(name: string, given: Record<string, string>, problems: string[]): void {
  const fileName = `${name}_FILE`;
  const path = given[fileName];
  if (path === undefined) return;
  Reflect.deleteProperty(given, fileName);
  if (given[name] !== undefined) {
    problems.push(`${name}: given twice, here and by ${fileName}; keep one of them`);
    return;
  }
  try {
    given[name] = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    problems.push(`${fileName}: the file cannot be read (${reason}); point it to a file that this user may read`);
  }
}

/** The value itself is not repeated: it may be a secret. */
function sentence(issue: z.core.$ZodIssue, schema: z.ZodObject, given: Readonly<Record<string, string>>): string {
  const name = String(issue.path[0]);
  const field = schema.shape[name] as z.ZodType | undefined;
  const about = field?.description ?? 'see docs/operators';
  switch (given[name]) {
    case undefined:
      return `${name}: is not set; set it (${about})`;
    case '':
      return `${name}: is empty; give it a value (${about})`;
    default:
      return `${name}: ${issue.message}; correct it (${about})`;
  }
}

/** A hint for a misspelt name: the known one that has most pairs of letters in common with it. */
function nearest(name: string, known: readonly string[]): string {
  const pairsOf = (text: string): Set<string> =>
    new Set(Array.from(text, (letter, at) => letter + (text[at + 1] ?? '')));
  const pairs = pairsOf(name);
  const likeness = (other: string): number => {
    const others = pairsOf(other);
    return (2 * [...others].filter((pair) => pairs.has(pair)).length) / (pairs.size + others.size);
  };
  const best = known.toSorted((a, b) => likeness(b) - likeness(a))[0];
  return best === undefined ? 'remove it' : `remove it, or did you mean ${best}?`;
}
