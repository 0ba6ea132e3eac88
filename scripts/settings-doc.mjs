// `npm run generate:settings` writes docs/operators/settings.md and .env.example from the settings of the services and
// of the composition; `npm run check:settings` fails when a file says something else than they do.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { composeSchema, isOfComposition } from '../dist/apps/cli/src/config/compose-settings.js';
import { sampleLines } from '../dist/apps/cli/src/config/sample-lines.js';
import { doorSchema, DOOR_PREFIX } from '../dist/apps/door/src/door.config.js';
import { relaySchema, RELAY_PREFIX } from '../dist/apps/relay/src/relay.config.js';
import { storageSchema, STORAGE_PREFIX } from '../dist/apps/storage/src/storage.config.js';
import { swarmManagerSchema, SWARM_MANAGER_PREFIX } from '../dist/apps/swarm-manager/src/swarm-manager.config.js';
import { describeSettings } from '../dist/libs/platform/src/config/describe-settings.js';
import { ROOT } from './lib/prepare.mjs';
import { fail, say } from './lib/say.mjs';

const SERVICES = [
  ['relay', RELAY_PREFIX, relaySchema],
  ['storage', STORAGE_PREFIX, storageSchema],
  ['swarm-manager', SWARM_MANAGER_PREFIX, swarmManagerSchema],
  ['door', DOOR_PREFIX, doorSchema],
];

const INTRODUCTION = `# Settings

Each service reads environment variables with its own prefix, and nothing else. All problems are told at once, one
sentence each, and the service then ends with code 78. A name with the prefix that is not in these tables is a problem
too, so that a misspelt setting is not silently ignored. An empty value counts as not given. Where \`NAME_FILE\`
is given too, the value may stand in a file instead, and that is its path.

This page is written by \`npm run generate:settings\`.
`;

const SAMPLE_TITLE = 'Copy to .env, take away the # of what you change. Written by npm run generate:settings.';

const OF_COMPOSITION = `## Docker Compose (\`.env\`)

What \`docker-compose.yml\` reads besides: nothing is required, and settings of the services that are not about addresses,
files and credentials inside the composition may stand in \`.env\` too. \`.env.example\` lists them all.
`;

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
await keep('docs/operators/settings.md', await settingsPage());
await keep('.env.example', `${sampleLines(SAMPLE_TITLE, composeSchema).join('\n')}\n`);

async function keep(name, text) {
  const file = join(ROOT, name);
  if (!values.check) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) fail(`${name} is out of date: npm run generate:settings`);
  else say(`${name} says what the services do`);
}

async function settingsPage() {
  const parts = [INTRODUCTION, ...SERVICES.map(section), OF_COMPOSITION, table(ownOfComposition())];
  const style = await resolveConfig(join(ROOT, 'docs/operators/settings.md'));
  return format(parts.join('\n'), { ...style, parser: 'markdown' });
}

function ownOfComposition() {
  return describeSettings(composeSchema).filter(({ name }) => isOfComposition(name));
}

function section([service, prefix, schema]) {
  return [`## ${service} (\`${prefix}\`)`, '', table(describeSettings(schema))].join('\n');
}

function table(settings) {
  const rows = settings.map(({ name, mayStandInFile, isRequired, standard, description }) => {
    const inFile = mayStandInFile && !isOfComposition(name) ? ` (or \`${name}_FILE\`)` : '';
    const absent = isRequired ? '**required**' : standard === null ? 'none' : `\`${standard}\``;
    return `| \`${name}\`${inFile} | ${absent} | ${description} |`;
  });
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
}
