#!/usr/bin/env node
import { runCli } from './program.js';

const { env, stdout, stderr } = process;
// Whoever reads our output may have had enough: `starling account show | head -1`.
stdout.on('error', () => process.exit());
process.exitCode = await runCli(process.argv.slice(2), { env, stdout, stderr });
