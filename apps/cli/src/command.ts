import { Command, Option } from 'commander';
import type { Clock } from '#platform';
import { Told } from './problems.js';
import type { SecretSource } from './terminal/ask-secret.js';
import { Terminal } from './terminal/terminal.js';
import type { TextSink } from './terminal/terminal.js';

/** The outside world of a command. */
export interface World {
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Where passphrases are typed; the process's own where none is given. */
  readonly stdin?: SecretSource;
  /** The system's where none is given. */
  readonly clock?: Clock;
}

/** What an action is given besides its own arguments. */
export interface Context extends World {
  readonly terminal: Terminal;
}

/**
 * What a command did. `json` is printed with --json, `lines` without. A command that prints as it goes
 * returns nothing.
 */
export interface Outcome {
  readonly json: object;
  readonly lines?: readonly string[];
  /** Of EXIT, where the result itself says that something is wrong; 0 when nothing is said. */
  readonly exitCode?: number;
}

type Action<Options> = (context: Context, options: Options, args: string[]) => Promise<Outcome | undefined>;

/** Adds one command of a group to its parent; each command file exports one. */
export type AddCommand = (parent: Command, world: World) => void;

/** Gives a command its `--json` and connects it with the function that does the work. */
export function finish<Options>(command: Command, world: World, action: Action<Options>): void {
  command.addOption(new Option('--json', 'print one JSON object'));
  command.action(async (...all: unknown[]) => {
    const options = command.opts<Options & { json?: boolean }>();
    const terminal = new Terminal({ ...world, json: options.json === true });
    const args = all
      .slice(0, -2)
      .flat()
      .filter((arg) => arg !== undefined)
      .map(String);
    const outcome = await action({ ...world, terminal }, options, args);
    if (!outcome) return;
    terminal.object(outcome.json);
    for (const line of outcome.lines ?? []) terminal.line(line);
    if (outcome.exitCode) throw new Told(outcome.exitCode);
  });
}
