// `npm run generate:metrics` writes docs/operators/metrics.md from what a node says that runs for it;
// test/network/metrics.test.ts fails when it says something else.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { checkNode, ensureBuilt, ensureInstalled, ROOT } from './lib/prepare.mjs';
import { ensureServers } from './lib/servers.mjs';

checkNode();
await ensureInstalled();
await ensureBuilt();
process.env.STARLING_TEST_SERVERS = await ensureServers();
process.chdir(ROOT);
await import(pathToFileURL(join(ROOT, 'dist/monitoring/metrics/main.js')).href);
