import { EXIT } from './exit-codes.js';

/** Something the person at the keyboard can act on. The message is one sentence, shown as it is. */
export class Problem extends Error {
  readonly exitCode: number = EXIT.failure;
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
  const text = cause instanceof Error ? cause.message || cause.name : String(cause);
  return text.split('\n', 1)[0] ?? text;
}

/** Codes of the operating system, such as `ENOENT`. */
export function systemCodeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}
