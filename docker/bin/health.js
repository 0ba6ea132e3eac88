#!/usr/local/bin/node
// `health`, `health ready`: whether the service of this container lives (or is ready), as its admin port says. Which
// service that is follows from the settings that are there. No library is loaded: this runs every few seconds.
import { get } from 'node:http';

/** Where each service answers unless told otherwise; a test compares it with their schemas. */
const PORTS = { RELAY: 9_101, STORAGE: 9_102, SWARM_MANAGER: 9_103, DOOR: 9_104 };
/** A setting that each service needs, by its last part. */
const MARKS = ['KEY_FILE', 'RELAYS'];
const TIMEOUT_MS = 10_000;

const [asked = 'live'] = process.argv.slice(2);
const service = Object.keys(PORTS).find((name) => MARKS.some((mark) => process.env[`${name}_${mark}`]));
if (!['live', 'ready'].includes(asked)) end('live or ready can be asked for');
else if (service === undefined) end('there are no settings of a service here');
else {
  const host = process.env[`${service}_ADMIN_HOST`] || '127.0.0.1';
  const port = process.env[`${service}_ADMIN_PORT`] || PORTS[service];
  const url = `http://${urlHost(host)}:${port}/health/${asked}`;
  get(url, { timeout: TIMEOUT_MS }, ({ statusCode }) => end(statusCode === 200 ? null : `the answer is ${statusCode}`))
    .on('error', ({ message }) => end(message))
    .on('timeout', () => end('no answer in time'));
}

/** A service that listens on every address answers on this machine's own. */
function urlHost(host) {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function end(problem) {
  if (problem !== null) process.stderr.write(`health: ${problem}\n`);
  process.exit(problem === null ? 0 : 1);
}
