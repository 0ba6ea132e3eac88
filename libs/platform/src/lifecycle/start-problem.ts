import { ConfigError } from '../config/config-error.js';
import { WorkerFailed } from '../workers/crew.js';

/** Exit code of a wrong configuration (sysexits EX_CONFIG): restarting does not help. */
const EXIT_CONFIGURATION = 78;
const EXIT_FAILURE = 1;

/** Something outside that a service needs is not there. The message is one sentence with a remedy. */
export class ServiceUnreachable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ServiceUnreachable';
  }
}

/** Something outside forbids a start now. The message is one sentence with a remedy. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

export interface StartProblem {
  /** For the operator, one a line. */
  readonly sentences: readonly string[];
  readonly exitCode: number;
}

/** What to tell an operator about a start that failed. `config` helps to name the setting that is to be changed. */
export function startProblem(cause: unknown, config: Readonly<Record<string, unknown>> = {}): StartProblem {
  if (cause instanceof ConfigError) return { sentences: cause.problems, exitCode: EXIT_CONFIGURATION };
  if (cause instanceof ServiceUnreachable || cause instanceof StartRefused)
    return { sentences: [cause.message], exitCode: EXIT_FAILURE };
  if (cause instanceof WorkerFailed) return { sentences: [], exitCode: cause.exitCode };
  if (isListenProblem(cause)) return { sentences: [listenSentence(cause, config)], exitCode: EXIT_FAILURE };
  // A fault of ours: here, and only here, the stack is what helps.
  const told = cause instanceof Error ? (cause.stack ?? cause.message) : 'unknown fault';
  return { sentences: [`could not start, by a fault of this program: ${told}`], exitCode: EXIT_FAILURE };
}

interface ListenProblem extends Error {
  readonly code: string;
  readonly address?: string;
  readonly port?: number;
}

const isListenProblem = (cause: unknown): cause is ListenProblem =>
  cause instanceof Error && 'syscall' in cause && (cause.syscall === 'listen' || cause.syscall === 'bind');

function listenSentence({ code, address, port }: ListenProblem, config: Readonly<Record<string, unknown>>): string {
  const where = `${address ?? 'address'}:${port ?? '?'}`;
  const change = (kind: '_PORT' | '_HOST', value: unknown): string =>
    settingsThatHold(config, kind, value) || `the ${kind.slice(1)} setting`;
  switch (code) {
    case 'EADDRINUSE':
      return `${where} is in use; stop what listens there, or change ${change('_PORT', port)}`;
    case 'EACCES':
      return `this user may not listen on ${where}; choose a port above 1023 for ${change('_PORT', port)}`;
    case 'EADDRNOTAVAIL':
      return `${where} is not an address of this machine; correct ${change('_HOST', address)}`;
    default:
      return `cannot listen on ${where} (${code}); change ${change('_PORT', port)}`;
  }
}

function settingsThatHold(config: Readonly<Record<string, unknown>>, kind: string, value: unknown): string {
  const names = Object.keys(config).filter((name) => name.endsWith(kind) && config[name] === value);
  return names.join(' or ');
}
