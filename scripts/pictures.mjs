// `npm run generate:pictures` draws docs/operators/pictures: a network with traffic for some minutes, watched by a real
// Prometheus, and each dashboard with what that says.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { checkNode, ensureBuilt, ensureInstalled, ROOT } from './lib/prepare.mjs';
import { ensureServers } from './lib/servers.mjs';

checkNode();
await ensureInstalled();
await ensureBuilt();
process.env.STARLING_TEST_SERVERS = await ensureServers();
await import(pathToFileURL(join(ROOT, 'dist/monitoring/pictures/main.js')).href);
