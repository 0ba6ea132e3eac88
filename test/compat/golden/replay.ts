import { differences } from './compare.js';
import { INTENDED } from './intended.js';
import { rebuildOnion } from './rebuild-onion.js';
import { renderTemplate } from './render.js';
import type { NodeTarget } from '#protocol';
import type { GoldenExchange, GoldenOnion, GoldenSetup } from './transcript.js';
import { send, sendRaw, type WireAnswer } from './wire.js';

/** The network that requests are replayed against. */
export interface ReplayNetwork {
  /** HTTPS port by node index, or by the name of a node outside every swarm. */
  readonly portOf: (node: GoldenExchange['node']) => number;
  /** Public keys by index, also of the listed node that does not listen (11). */
  readonly keysOf: (index: number) => NodeTarget;
}

/** Replays one exchange; gives a sentence for each unexplained difference from the recording. */
export async function replay(
  exchange: GoldenExchange,
  setup: GoldenSetup,
  network: ReplayNetwork,
  nowMs: number,
): Promise<string[]> {
  const { portOf } = network;
  if (exchange.request_raw !== undefined) return replayRaw(exchange, portOf(exchange.node));
  const onion =
    exchange.onion === undefined
      ? undefined
      : rebuildOnion(network.keysOf, exchange.onion, onionPayload(exchange.onion, exchange, setup, nowMs));
  const isUntouched = onion === undefined || isRecordedAsAltered(exchange);
  const answer = await send({
    port: portOf(exchange.node),
    method: exchange.http,
    path: exchange.path,
    headers: exchange.headers,
    body: isUntouched ? recordedBody(exchange, setup, nowMs) : Buffer.from(onion.body),
  });
  const found = compareHead(exchange, answer);
  if (exchange.onion_response_plain === undefined || onion === undefined || answer.status !== 200) {
    return [...found, ...compareBody(exchange, answer.body.toString('utf8'))];
  }
  const isText = /^[A-Za-z0-9+/]*=*$/.test(answer.body.toString('latin1'));
  if (isText !== exchange.onion_response_base64) found.push('base64 on one side only');
  const plain = Buffer.from(onion.open(answer.body)).toString('utf8');
  return [...found, ...compareOnionReply(exchange.onion_response_plain, plain, exchange.vary ?? [])];
}

/**
 * Requests without a time in them are sent as recorded, byte for byte; some were altered on purpose, which only the
 * recorded bytes show. A node that others name by another key here must be named anew.
 */
const isRecordedAsAltered = (exchange: GoldenExchange): boolean =>
  exchange.request_b64 !== undefined && exchange.vars === undefined && !exchange.onion?.path.includes(SILENT_NODE);

/** Index of the listed node that does not listen; its recorded key is not known. */
export const SILENT_NODE = 11;

function onionPayload(onion: GoldenOnion, exchange: GoldenExchange, setup: GoldenSetup, nowMs: number): Buffer {
  if (onion.body_template === undefined) return Buffer.from(onion.body ?? '', 'utf8');
  return body(onion.body_template, exchange, setup, nowMs);
}

function body(template: unknown, exchange: GoldenExchange, setup: GoldenSetup, nowMs: number): Buffer {
  return Buffer.from(JSON.stringify(renderTemplate(template, exchange, setup, nowMs)), 'utf8');
}

function recordedBody(exchange: GoldenExchange, setup: GoldenSetup, nowMs: number): Buffer | undefined {
  if (exchange.request_b64 !== undefined) return Buffer.from(exchange.request_b64, 'base64');
  if (exchange.template !== undefined) return body(exchange.template, exchange, setup, nowMs);
  return exchange.request === undefined ? undefined : Buffer.from(exchange.request, 'utf8');
}

function compareHead(exchange: GoldenExchange, answer: WireAnswer): string[] {
  const found: string[] = [];
  const check = (what: string, recorded: unknown, ours: unknown): void => {
    if (recorded !== ours) found.push(`${what}: recorded ${String(recorded)}, ours ${String(ours)}`);
  };
  check('status', exchange.status, answer.status);
  if (/^[\x20-\x7e]+$/.test(exchange.reason)) check('reason', exchange.reason, answer.reason);
  const ours = new Map(Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]));
  for (const name of ['Server', 'Content-Type']) {
    if (exchange.resp_headers[name] !== undefined)
      check(name, exchange.resp_headers[name], ours.get(name.toLowerCase()));
  }
  return found;
}

function compareBody(exchange: GoldenExchange, text: string): string[] {
  const vary = exchange.vary ?? [];
  if (exchange.response_summary !== undefined) return compareSummary(exchange.response_summary, text);
  if (exchange.response === undefined || vary.includes('$text')) return [];
  const recorded = asJson(exchange.response);
  const ours = asJson(text);
  if (recorded !== undefined && ours !== undefined) return differences(recorded, ours, vary, INTENDED);
  const prefix = 'Error parsing onion request: ['; // behind it stands the text of a JSON library
  if (exchange.response.startsWith(prefix) && text.startsWith(prefix.slice(0, -1))) return [];
  return exchange.response === text ? [] : [`text: recorded ${exchange.response}, ours ${text.slice(0, 200)}`];
}

interface RetrievedPage {
  readonly messages: readonly { readonly hash: string }[];
  readonly more: boolean;
}

function compareSummary(summary: Readonly<Record<string, unknown>>, text: string): string[] {
  const page = asJson(text) as RetrievedPage | undefined;
  if (page === undefined) return ['the answer is not JSON'];
  const ours = {
    messages: page.messages.length,
    more: page.more,
    first_hash: page.messages[0]?.hash,
    last_hash: page.messages.at(-1)?.hash,
  };
  return differences(summary, ours, []);
}

/** The reply's `body` may be JSON text; paths in `vary` write that as `body(json)`. */
function compareOnionReply(recordedText: string, oursText: string, vary: readonly string[]): string[] {
  const unfold = (text: string): unknown => {
    const reply = JSON.parse(text) as { body: unknown; status: number };
    const inner = typeof reply.body === 'string' ? asJson(reply.body) : undefined;
    return inner === undefined ? reply : { status: reply.status, 'body(json)': inner };
  };
  return differences(unfold(recordedText), unfold(oursText), vary, INTENDED);
}

function asJson(text: string): unknown {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function replayRaw(exchange: GoldenExchange, port: number): Promise<string[]> {
  const { text, closed } = await sendRaw(port, Buffer.from(exchange.request_raw ?? '', 'latin1'));
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
  const found = status === exchange.status ? [] : [`status: recorded ${exchange.status}, ours ${status}`];
  if (exchange.server_closed === true && !closed) found.push('the connection stays open');
  return [...found, ...compareBody(exchange, rest.join('\r\n\r\n'))];
}
