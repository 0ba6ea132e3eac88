#!/usr/bin/env node
import { runCli } from './program.js';

const { env, stdout, stderr } = process;
process.exitCode = await runCli(process.argv.slice(2), { env, stdout, stderr });
