#!/usr/bin/env node
import { runCli } from './program.js';

const { env, stdout, stderr } = process;
// Whoever reads our output may have had enough: `starling account show | head -1`.
stdout.on('error', () => process.exit());
// Whoever started a devnet may be gone, and it must still be taken down: what nobody reads stops nothing.
stderr.on('error', () => undefined);
process.exitCode = await runCli(process.argv.slice(2), { env, stdout, stderr });
