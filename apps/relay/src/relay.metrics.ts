import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { EncType } from '#protocol';
import type { Load } from './limits/load.js';
import { ONION_OUTCOMES, type OnionOutcome } from './onion/outcome.js';

/** Who sent a layer or a request. */
export type OnionSource = 'client' | 'peer';

const SOURCES: readonly OnionSource[] = ['client', 'peer'];
const ENC_TYPES = ['xchacha20', 'aes-gcm', 'aes-cbc', 'none'] as const satisfies readonly (EncType | 'none')[];

/** Answers given without looking at a body. */
const REFUSALS = ['not_ready', 'header', 'too_large', 'busy'] as const;
export type Refusal = (typeof REFUSALS)[number];

/** What took the time: the kinds of work, and everything that ended before any. */
const KINDS = ['final', 'relay_node', 'relay_server', 'refused'] as const;
type Kind = (typeof KINDS)[number];

const RPC_STATUSES = ['2xx', '4xx', '5xx', 'other'] as const;
const BUCKETS_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Everything this service counts; every label value is known beforehand. docs/protocol/onion.md §11 */
export class RelayMetrics {
  private readonly onions: Counter<'source' | 'outcome' | 'enc_type'>;
  private readonly onionSeconds: Histogram<'kind'>;
  private readonly requests: Counter<'source' | 'status'>;
  private readonly requestSeconds: Histogram<'source'>;
  private readonly refusals: Counter<'reason'>;
  private bytesIn = 0;
  private bytesOut = 0;

  constructor(
    private readonly registry: Registry,
    load: Load,
  ) {
    const registers = [registry];
    this.onions = new Counter({
      name: 'relay_onions_total',
      help: 'Onion layers received, by who sent them, what became of them and their cipher',
      labelNames: ['source', 'outcome', 'enc_type'],
      registers,
    });
    for (const source of SOURCES) {
      for (const outcome of ONION_OUTCOMES) {
        for (const enc_type of ENC_TYPES) this.onions.inc({ source, outcome, enc_type }, 0);
      }
    }
    this.onionSeconds = new Histogram({
      name: 'relay_onion_seconds',
      help: 'Time from a whole layer received to its answer, by what was done',
      labelNames: ['kind'],
      buckets: BUCKETS_SECONDS,
      registers,
    });
    for (const kind of KINDS) this.onionSeconds.zero({ kind });
    this.requests = new Counter({
      name: 'relay_rpc_total',
      help: 'Requests handed to storage outside of onions, by who sent them and the class of the answer',
      labelNames: ['source', 'status'],
      registers,
    });
    for (const source of SOURCES) for (const status of RPC_STATUSES) this.requests.inc({ source, status }, 0);
    this.requestSeconds = new Histogram({
      name: 'relay_rpc_seconds',
      help: 'Time from a whole request received to its answer, outside of onions',
      labelNames: ['source'],
      buckets: BUCKETS_SECONDS,
      registers,
    });
    for (const source of SOURCES) this.requestSeconds.zero({ source });
    this.refusals = new Counter({
      name: 'relay_refusals_total',
      help: 'Requests refused before they were read or worked on',
      labelNames: ['reason'],
      registers,
    });
    for (const reason of REFUSALS) this.refusals.inc({ reason }, 0);
    this.totalAtScrape('relay_received_bytes_total', 'Bytes of onion and request bodies received', () => this.bytesIn);
    this.totalAtScrape('relay_sent_bytes_total', 'Bytes of their answers', () => this.bytesOut);
    this.gaugeAtScrape('relay_requests_in_flight', 'Requests at work in this process', () => load.requests);
    this.gaugeAtScrape('relay_body_bytes_held', 'Bytes of bodies held in this process', () => load.bodyBytes);
  }

  onion(source: OnionSource, outcome: OnionOutcome, encType: EncType | 'none', ms: number): void {
    this.onions.inc({ source, outcome, enc_type: encType });
    this.onionSeconds.observe({ kind: kindOf(outcome) }, ms / 1000);
  }

  rpc(source: OnionSource, status: number, ms: number): void {
    this.requests.inc({ source, status: statusClass(status) });
    this.requestSeconds.observe({ source }, ms / 1000);
  }

  refused(reason: Refusal): void {
    this.refusals.inc({ reason });
  }

  /** Plain numbers until somebody scrapes: this runs for every request. */
  addBytes(bytesIn: number, bytesOut: number): void {
    this.bytesIn += bytesIn;
    this.bytesOut += bytesOut;
  }

  /** A value that is asked for when somebody reads it; undefined: there is none yet. */
  gaugeAtScrape(name: string, help: string, read: () => number | undefined): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read() ?? NaN);
      },
    });
  }

  private totalAtScrape(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
}

function kindOf(outcome: OnionOutcome): Kind {
  switch (outcome) {
    case 'final':
    case 'storage_unavailable':
      return 'final';
    case 'relay_node':
    case 'unreachable':
    case 'timeout':
    case 'bad_reply':
      return 'relay_node';
    case 'relay_server':
    case 'server_failed':
    case 'server_timeout':
      return 'relay_server';
    default:
      return 'refused';
  }
}

function statusClass(status: number): (typeof RPC_STATUSES)[number] {
  if (status >= 200 && status < 300) return '2xx';
  if (status >= 400 && status < 500) return '4xx';
  return status >= 500 && status < 600 ? '5xx' : 'other';
}
