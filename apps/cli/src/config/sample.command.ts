import { Argument } from 'commander';
import { describeSettings } from '#platform';
import type { SettingDescription } from '#platform';
import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { composeSchema } from './compose-settings.js';
import { sampleLines } from './sample-lines.js';
import { SERVICES } from './services.js';

const COMPOSE = 'compose';

export const addConfigSample: AddCommand = (parent, world) => {
  const command = parent.command('sample').description('print an env file with every setting, to be filled in');
  command.addArgument(
    new Argument(
      '[what]',
      'one service, or .env of Docker Compose (default: all services that every node has)',
    ).choices([...SERVICES.map(({ name }) => name), COMPOSE]),
  );
  finish(command, world, (_context, _options, [what]) => {
    const parts = what === COMPOSE ? [{ name: COMPOSE, schema: composeSchema }] : servicesFor(what);
    const described = parts.map(({ name, schema }) => ({ name, settings: describeSettings(schema) }));
    const lines = parts.flatMap(({ name, schema }) => [...sampleLines(name, schema), '']);
    return Promise.resolve({ json: { parts: described.map(inJson) }, lines: lines.slice(0, -1) });
  });
};

function servicesFor(what: string | undefined): typeof SERVICES {
  return what === undefined
    ? SERVICES.filter(({ isOptional }) => !isOptional)
    : SERVICES.filter(({ name }) => name === what);
}

function inJson({ name, settings }: { name: string; settings: readonly SettingDescription[] }): object {
  const each = settings.map(({ name: setting, description, isSecret, isRequired, standard }) => {
    return { name: setting, description, required: isRequired, default: standard, secret: isSecret };
  });
  return { name, settings: each };
}
