import { InvalidArgumentError } from 'commander';
import { SystemClock } from '#platform';
import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { givenSettings, onlyOf } from '../config/given-settings.js';
import { SERVICES } from '../config/services.js';
import type { ServiceName } from '../config/services.js';
import { EXIT } from '../exit-codes.js';
import { countOf } from '../terminal/count-of.js';
import type { Terminal } from '../terminal/terminal.js';
import { examine } from './examine.js';
import type { Finding, Level } from './finding.js';
import type { AdminPlaces } from '../config/node-facts.js';

interface Options {
  readonly envFile?: string;
  readonly minFree: number;
  readonly at: AdminPlaces;
  readonly only: readonly ServiceName[];
}

/** An append-only file is rewritten beside the old one; below this there is no room for even a small one. */
const DEFAULT_MIN_FREE_MIB = 1_024;
const MAX_MIN_FREE_MIB = 1_000_000_000;
const CHECK_WIDTH = 14;

export const addDoctor: AddCommand = (parent, world) => {
  const command = parent.command('doctor').description('examine a node: what is wrong with it, and what to do');
  command.option('--env-file <file>', 'file with its settings, or .env of Docker Compose (default: the environment)');
  command.option('--min-free <MiB>', 'free disk below which the node is in danger', readMiB, DEFAULT_MIN_FREE_MIB);
  command.option(
    '--at <service=url>',
    'where the admin port of a service is, when not here; may be repeated',
    readAt,
    {},
  );
  command.option(
    '--only <service>',
    'look at this service alone, as in its own container; may be repeated',
    readService,
    [],
  );
  finish<Options>(command, world, async ({ env, terminal }, { envFile, minFree: minFreeMib, at, only }) => {
    const all = await givenSettings(env, envFile);
    const given = only.length === 0 ? all : onlyOf(all, only);
    const progress = terminal.progress('examining the node');
    const clock = world.clock ?? new SystemClock();
    const findings = await examine({ given, clock, minFreeMib, at }).finally(() => progress.end());
    const counts = { pass: 0, warn: 0, fail: 0, skip: 0 };
    for (const { level } of findings) counts[level] += 1;
    return {
      json: { ok: counts.fail === 0, ...counts, findings },
      lines: [...findings.flatMap((finding) => findingLines(finding, terminal)), summary(counts)],
      exitCode: counts.fail === 0 ? EXIT.ok : EXIT.failure,
    };
  });
};

function findingLines({ check, level, says, remedy }: Finding, { colors }: Terminal): string[] {
  const paint = { pass: colors.green, warn: colors.yellow, fail: colors.red, skip: colors.dim }[level];
  const first = `${paint(level)}  ${check.padEnd(CHECK_WIDTH)}  ${says}`;
  return remedy === null ? [first] : [first, `${' '.repeat(CHECK_WIDTH + 8)}→ ${remedy}`];
}

function summary({ pass, warn, fail, skip }: Readonly<Record<Level, number>>): string {
  return `${pass} passed, ${countOf(warn, 'warning')}, ${fail} failed, ${skip} could not be judged.`;
}

function readService(text: string, before: readonly ServiceName[]): readonly ServiceName[] {
  if (isService(text)) return [...before, text];
  throw new InvalidArgumentError(`one of ${SERVICE_NAMES}.`);
}

const SERVICE_NAMES = SERVICES.map(({ name }) => name).join(', ');

const isService = (text: string): text is ServiceName => SERVICES.some(({ name }) => name === text);

function readAt(text: string, before: AdminPlaces): AdminPlaces {
  const [, name = '', url = ''] = /^([a-z-]+)=(https?:\/\/.+)$/.exec(text) ?? [];
  if (isService(name) && URL.canParse(url)) return { ...before, [name]: new URL(url).origin };
  throw new InvalidArgumentError(`SERVICE=http://HOST:PORT, where SERVICE is one of ${SERVICE_NAMES}.`);
}

function readMiB(text: string): number {
  const mib = Number(text);
  if (Number.isInteger(mib) && mib >= 0 && mib <= MAX_MIN_FREE_MIB) return mib;
  throw new InvalidArgumentError(`a whole number from 0 to ${MAX_MIN_FREE_MIB}.`);
}
