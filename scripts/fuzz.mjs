// `npm run fuzz -- storage`: sets up what is missing, then sends a running node what no client should.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { checkNode, ensureBuilt, ensureInstalled, ROOT } from './lib/prepare.mjs';
import { ensureServers } from './lib/servers.mjs';

checkNode();
await ensureInstalled();
await ensureBuilt();
process.env.STARLING_TEST_SERVERS = await ensureServers();
await import(pathToFileURL(join(ROOT, 'dist/test/fuzz/main.js')).href);
