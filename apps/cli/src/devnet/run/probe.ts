import { get } from 'node:http';
import { connect } from 'node:net';
import type { Probe } from '../units/unit.js';

/** One question; the next one follows soon anyway. */
const TIMEOUT_MS = 2_000;
/** Health answers are small. */
const MAX_BODY_BYTES = 16_384;

/** Null when ready, otherwise what is missing, in a few words. Never throws. */
export function ask(probe: Probe): Promise<string | null> {
  return probe.kind === 'http' ? askHttp(probe.url) : askTcp(probe);
}

function askHttp(url: string): Promise<string | null> {
  return new Promise((resolve) => {
    const request = get(url, { timeout: TIMEOUT_MS, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        if (body.length < MAX_BODY_BYTES) body += part;
      });
      response.on('end', () => resolve(response.statusCode === 200 ? null : problemsIn(body)));
      response.on('error', () => resolve('its health answer broke off'));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve('does not answer yet'));
  });
}

/** The health answer lists what is missing; whatever its shape, its texts are what people want to read. */
function problemsIn(body: string): string {
  try {
    const texts = textsOf(JSON.parse(body)).filter((text) => !/^(up|down|ok|error)$/.test(text));
    return texts.length === 0 ? 'not ready' : [...new Set(texts)].join(', ');
  } catch {
    return 'not ready';
  }
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

function askTcp({ port, say, expect }: Extract<Probe, { kind: 'tcp' }>): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: TIMEOUT_MS }, () => {
      if (say) socket.write(say);
    });
    const end = (problem: string | null): void => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('data', (said) => {
      const isExpected = expect.some((begin) => said.toString('latin1').startsWith(begin));
      end(isExpected ? null : 'still loading');
    });
    socket.once('timeout', () => end('says nothing'));
    socket.once('error', () => end('does not answer yet'));
    socket.once('close', () => end('does not answer yet'));
  });
}
