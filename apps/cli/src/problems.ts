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

/** The result has said what is wrong; only the exit code is left to tell. */
export class Told extends Error {
  constructor(readonly exitCode: number) {
    super('The result says what is wrong.');
  }
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

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'the disk is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file and not a folder',
  EEXIST: 'a part of its path is a file and not a folder',
  ENOSPC: 'the disk is full',
};

/** Why a file cannot be had, in words where the operating system has only a code. */
export function reasonOf(cause: unknown): string {
  return REASONS[systemCodeOf(cause) ?? ''] ?? sentenceOf(cause);
}

/** Not by class: an error may come from another realm, as in a test runner. */
function membersOf(cause: unknown): { message?: string; name?: string; code?: string } {
  if (typeof cause !== 'object' || cause === null) return {};
  const texts = ['message', 'name', 'code'].map((key) => [key, Reflect.get(cause, key) as unknown] as const);
  return Object.fromEntries(texts.filter(([, value]) => typeof value === 'string'));
}
