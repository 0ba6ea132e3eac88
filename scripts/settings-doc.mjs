// `npm run generate:settings` writes docs/operators/settings.md from the settings of the services;
// `npm run check:settings` fails when the file says something else than they do.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { relaySchema, RELAY_PREFIX } from '../dist/apps/relay/src/relay.config.js';
import { storageSchema, STORAGE_PREFIX } from '../dist/apps/storage/src/storage.config.js';
import { swarmManagerSchema, SWARM_MANAGER_PREFIX } from '../dist/apps/swarm-manager/src/swarm-manager.config.js';
import { describeSettings } from '../dist/libs/platform/src/config/describe-settings.js';
import { ROOT } from './lib/prepare.mjs';
import { fail, say } from './lib/say.mjs';

const FILE = join(ROOT, 'docs/operators/settings.md');
const SERVICES = [
  ['relay', RELAY_PREFIX, relaySchema],
  ['storage', STORAGE_PREFIX, storageSchema],
  ['swarm-manager', SWARM_MANAGER_PREFIX, swarmManagerSchema],
];

const INTRODUCTION = `# Settings

Each service reads environment variables with its own prefix, and nothing else. All problems are told at once, one
sentence each, and the service then ends with code 78. A name with the prefix that is not in these tables is a problem
too, so that a misspelt setting is not silently ignored. An empty value counts as not given. A secret may stand in a
file instead: \`NAME_FILE\` holds the file's path.

This page is written by \`npm run generate:settings\`.
`;

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const text = await format([INTRODUCTION, ...SERVICES.map(section)].join('\n'), {
  ...(await resolveConfig(FILE)),
  parser: 'markdown',
});
if (!values.check) writeFileSync(FILE, text);
else if (readFileSync(FILE, 'utf8') !== text)
  fail('docs/operators/settings.md is out of date: npm run generate:settings');
else say('docs/operators/settings.md says what the services do');

function section([service, prefix, schema]) {
  const rows = describeSettings(schema).map(({ name, isSecret, isRequired, standard, description }) => {
    const inFile = isSecret ? ` (or \`${name}_FILE\`)` : '';
    const absent = isRequired ? '**required**' : standard === null ? 'none' : `\`${standard}\``;
    return `| \`${name}\`${inFile} | ${absent} | ${description} |`;
  });
  const head = ['| variable | default | meaning |', '| --- | --- | --- |'];
  return [`## ${service} (\`${prefix}\`)`, '', ...head, ...rows, ''].join('\n');
}
