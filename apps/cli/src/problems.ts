import { EXIT } from './exit-codes.js';

/** Something the person at the keyboard can act on. The message is one sentence, shown as it is. */
export class Problem extends Error {
  readonly exitCode: number = EXIT.failure;
}

/** The person stopped it before it was done. */
export class Interrupted extends Problem {
  constructor() {
    super('Interrupted.');
  }
}

/** The command line asks for something that makes no sense. */
export class UsageProblem extends Problem {
  override readonly exitCode = EXIT.usage;
}

/** A setting, or a file of settings, is missing or wrong. */
export class ConfigurationProblem extends Problem {
  override readonly exitCode = EXIT.configuration;
}

/** The first line of what was thrown, whatever it is. */
export function sentenceOf(cause: unknown): string {
  const { message, name } = membersOf(cause);
  const text = message || name || String(cause);
  return text.split('\n', 1)[0] ?? text;
}

/** Codes of the operating system, such as `ENOENT`. */
export function systemCodeOf(cause: unknown): string | undefined {
  return membersOf(cause).code;
}

/** Not by class: an error may come from another realm, as in a test runner. */
function membersOf(cause: unknown): { message?: string; name?: string; code?: string } {
  if (typeof cause !== 'object' || cause === null) return {};
  const texts = ['message', 'name', 'code'].map((key) => [key, Reflect.get(cause, key) as unknown] as const);
  return Object.fromEntries(texts.filter(([, value]) => typeof value === 'string'));
}
