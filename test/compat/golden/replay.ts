import { Findings } from './compare.js';
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

/** Replays one exchange and compares its answer with the recorded one. */
export async function replay(
  exchange: GoldenExchange,
  setup: GoldenSetup,
  network: ReplayNetwork,
  nowMs: number,
): Promise<Findings> {
  const { portOf } = network;
  const found = new Findings(INTENDED);
  if (exchange.request_raw !== undefined) return replayRaw(found, exchange, portOf(exchange.node));
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
  compareHead(found, exchange, answer);
  if (exchange.onion_response_plain === undefined || onion === undefined || answer.status !== 200) {
    compareBody(found, exchange, answer.body.toString('utf8'));
    return found;
  }
  const isText = /^[A-Za-z0-9+/]*=*$/.test(answer.body.toString('latin1'));
  found.check('base64', exchange.onion_response_base64, isText);
  const plain = Buffer.from(onion.open(answer.body)).toString('utf8');
  found.compare(unfold(exchange.onion_response_plain), unfold(plain), exchange.vary ?? []);
  return found;
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

function compareHead(found: Findings, exchange: GoldenExchange, answer: WireAnswer): void {
  found.check('status', exchange.status, answer.status);
  if (/^[\x20-\x7e]+$/.test(exchange.reason)) found.check('reason', exchange.reason, answer.reason);
  const ours = new Map(Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]));
  for (const name of ['Server', 'Content-Type']) {
    if (exchange.resp_headers[name] !== undefined)
      found.check(name, exchange.resp_headers[name], ours.get(name.toLowerCase()));
  }
}

function compareBody(found: Findings, exchange: GoldenExchange, text: string): void {
  const vary = exchange.vary ?? [];
  if (exchange.response_summary !== undefined) {
    found.compare(exchange.response_summary, summaryOf(text), []);
    return;
  }
  if (exchange.response === undefined || vary.includes('$text')) return;
  const recorded = asJson(exchange.response);
  const ours = asJson(text);
  if (recorded !== undefined && ours !== undefined) {
    found.compare(recorded, ours, vary);
    return;
  }
  const prefix = 'Error parsing onion request: ['; // behind it stands the text of a JSON library
  if (exchange.response.startsWith(prefix) && text.startsWith(prefix.slice(0, -1))) return;
  found.check('text', exchange.response, text.slice(0, exchange.response.length + 200));
}

interface RetrievedPage {
  readonly messages: readonly { readonly hash: string }[];
  readonly more: boolean;
}

/** A page as the recording sums up long ones; undefined for what is no JSON. */
function summaryOf(text: string): object | undefined {
  const page = asJson(text) as RetrievedPage | undefined;
  return (
    page && {
      messages: page.messages.length,
      more: page.more,
      first_hash: page.messages[0]?.hash,
      last_hash: page.messages.at(-1)?.hash,
    }
  );
}

/** The reply of an onion. Its `body` may be JSON text; paths in `vary` write that as `body(json)`. */
function unfold(text: string): unknown {
  const reply = JSON.parse(text) as { body: unknown; status: number };
  const inner = typeof reply.body === 'string' ? asJson(reply.body) : undefined;
  return inner === undefined ? reply : { status: reply.status, 'body(json)': inner };
}

function asJson(text: string): unknown {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function replayRaw(found: Findings, exchange: GoldenExchange, port: number): Promise<Findings> {
  const { text, closed } = await sendRaw(port, Buffer.from(exchange.request_raw ?? '', 'latin1'));
  const [head = '', ...rest] = text.split('\r\n\r\n');
  found.check('status', exchange.status, Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0));
  if (exchange.server_closed === true) found.check('closed', true, closed);
  compareBody(found, exchange, rest.join('\r\n\r\n'));
  return found;
}
