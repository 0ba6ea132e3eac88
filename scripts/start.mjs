// `npm start`: installs and builds what is missing, then runs `starling demo` in this very process.
import { pathToFileURL } from 'node:url';
import { checkNode, CLI, ensureBuilt, ensureInstalled } from './lib/prepare.mjs';

checkNode();
await ensureInstalled();
await ensureBuilt();
process.argv = [process.execPath, CLI, 'demo', ...process.argv.slice(2)];
await import(pathToFileURL(CLI).href);
