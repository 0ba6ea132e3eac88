import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { countOf } from '../terminal/count-of.js';
import { givenSettings, settingsReports, strayNames } from './given-settings.js';
import type { SettingsReport } from './given-settings.js';

interface Options {
  readonly envFile?: string;
}

export const addConfigCheck: AddCommand = (parent, world) => {
  const command = parent.command('check').description('check the settings of all services, without starting one');
  command.option('--env-file <file>', 'file with the settings, or .env of Docker Compose (default: the environment)');
  finish<Options>(command, world, async ({ env }, { envFile }) => {
    const given = await givenSettings(env, envFile);
    const reports = settingsReports(given);
    const stray = strayNames(given);
    const count = reports.reduce((sum, { problems }) => sum + problems.length, 0);
    const services = reports.map(({ of, given: settings, problems }) => ({ name: of, settings, problems }));
    return {
      json: { ok: count === 0, origin: given.origin, services, unread: stray },
      lines: [
        ...reports.flatMap(linesOf),
        ...stray.map((name) => `unread         ${name}: no service reads it; is its prefix misspelt?`),
        count === 0 ? `${given.origin}: no problem.` : `${given.origin}: ${countOf(count, 'problem')}.`,
      ],
      exitCode: count === 0 ? EXIT.ok : EXIT.configuration,
    };
  });
};

function linesOf({ of, given, problems }: SettingsReport): string[] {
  const name = of.padEnd(13);
  if (given === 0) return [`${name}  not set up here`];
  if (problems.length === 0) return [`${name}  ok, ${countOf(given, 'setting')} given`];
  return problems.map((problem) => `${name}  ${problem}`);
}
