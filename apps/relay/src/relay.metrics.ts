import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { EncType } from '#protocol';
import { SURFACES, type Bytes, type Surface } from './bandwidth/line-meter.js';
import type { Load } from './limits/load.js';
import { ONION_KINDS, ONION_OUTCOMES, kindOf, type OnionOutcome } from './onion/outcome.js';

/** Who sent a layer or a request. */
export type OnionSource = 'client' | 'peer';

const SOURCES: readonly OnionSource[] = ['client', 'peer'];
const ENC_TYPES = ['xchacha20', 'aes-gcm', 'aes-cbc', 'none'] as const satisfies readonly (EncType | 'none')[];

/** Answers given without looking at a body. */
const REFUSALS = ['not_ready', 'rate', 'header', 'too_large', 'busy', 'bandwidth'] as const;
export type Refusal = (typeof REFUSALS)[number];

/** Ways in which other nodes test this one. */
const PING_TRANSPORTS = ['https', 'peer'] as const;
type PingTransport = (typeof PING_TRANSPORTS)[number];

const STATUS_CLASSES = ['2xx', '4xx', '5xx', 'other'] as const;
/** With a bound at each promise: 8 and 25 ms over three hops, 9 s at the entry, 25 s for an outside server. */
const BUCKETS_SECONDS = [0.001, 0.002, 0.005, 0.008, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 9, 10, 25];

/** Everything this service counts; every label value is known beforehand. docs/protocol/onion.md §11 */
export class RelayMetrics {
  private readonly onions: Counter<'source' | 'outcome' | 'enc_type'>;
  private readonly onionSeconds: Histogram<'kind'>;
  private readonly requests: Counter<'source' | 'status'>;
  private readonly requestSeconds: Histogram<'source'>;
  private readonly refusals: Counter<'reason'>;
  private readonly pingAges = new Map<PingTransport, () => number | undefined>();
  private served = 0;
  private bytesIn = 0;
  private bytesOut = 0;

  constructor(
    private readonly registry: Registry,
    load: Load,
  ) {
    this.onions = this.counter(
      'relay_onions_total',
      'Onion layers received, by who sent them, what became of them and their cipher',
      ['source', 'outcome', 'enc_type'],
    );
    this.onionSeconds = this.histogram(
      'relay_onion_seconds',
      'From a whole layer to its answer, by what was done: peeled for here, passed on to a node or a server, refused',
      ['kind'],
    );
    this.requests = this.counter(
      'relay_rpc_total',
      'Requests for storage outside of onions, by the class of the answer',
      ['source', 'status'],
    );
    this.requestSeconds = this.histogram('relay_rpc_seconds', 'From a whole request to its answer, outside of onions', [
      'source',
    ]);
    this.refusals = this.counter('relay_refusals_total', 'Requests refused before they were read or worked on', [
      'reason',
    ]);
    const { pingAges } = this;
    new Gauge({
      name: 'relay_ping_age_seconds',
      help: 'Since another node last tested whether we answer, by the way it came; NaN before the first test',
      labelNames: ['transport'],
      aggregator: 'min',
      registers: [registry],
      collect() {
        for (const transport of PING_TRANSPORTS) this.set({ transport }, pingAges.get(transport)?.() ?? NaN);
      },
    });
    this.totalAtScrape('relay_received_bytes_total', 'Bytes of bodies received', () => this.bytesIn);
    this.totalAtScrape('relay_sent_bytes_total', 'Bytes of bodies of answers', () => this.bytesOut);
    this.gaugeAtScrape('relay_requests_in_flight', 'Requests at work in this process', () => load.requests);
    this.gaugeAtScrape('relay_body_bytes_held', 'Bytes of bodies held in this process', () => load.bodyBytes);
    this.showEverySeries();
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

  /** Requests of clients and nodes that were worked on in this process, with their bodies and those of the answers. */
  get traffic(): { readonly requests: number; readonly bytesIn: number; readonly bytesOut: number } {
    return { requests: this.served, bytesIn: this.bytesIn, bytesOut: this.bytesOut };
  }

  /** One more request. Plain numbers until somebody scrapes: this runs for every one. */
  addBytes(bytesIn: number, bytesOut: number): void {
    this.served += 1;
    this.bytesIn += bytesIn;
    this.bytesOut += bytesOut;
  }

  /** What all connections moved. */
  lineBytes(read: () => Readonly<Record<Surface, Readonly<Bytes>>>): void {
    new Counter({
      name: 'relay_line_bytes_total',
      help: 'Bytes that connections moved, with heads and TLS, by whom they are with and by direction',
      labelNames: ['surface', 'direction'],
      registers: [this.registry],
      collect() {
        this.reset();
        const totals = read();
        for (const surface of SURFACES) {
          this.inc({ surface, direction: 'received' }, totals[surface].received);
          this.inc({ surface, direction: 'sent' }, totals[surface].sent);
        }
      },
    });
  }

  /** A value that is asked for when somebody reads it. Of several processes it is the sum. */
  gaugeAtScrape(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** Since other nodes last tested us; undefined before the first test. Of several processes the last test of all counts. */
  pingAge(transport: PingTransport, readSeconds: () => number | undefined): void {
    this.pingAges.set(transport, readSeconds);
  }

  /** The same for a number that only grows. */
  totalAtScrape(name: string, help: string, read: () => number): void {
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

  private counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private histogram<L extends string>(name: string, help: string, labelNames: readonly L[]): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets: BUCKETS_SECONDS, registers: [this.registry] });
  }

  /** A first scrape lacks no series. */
  private showEverySeries(): void {
    for (const source of SOURCES) {
      for (const outcome of ONION_OUTCOMES) {
        for (const enc_type of ENC_TYPES) this.onions.inc({ source, outcome, enc_type }, 0);
      }
      for (const status of STATUS_CLASSES) this.requests.inc({ source, status }, 0);
      this.requestSeconds.zero({ source });
    }
    for (const kind of ONION_KINDS) this.onionSeconds.zero({ kind });
    for (const reason of REFUSALS) this.refusals.inc({ reason }, 0);
  }
}

function statusClass(status: number): (typeof STATUS_CLASSES)[number] {
  if (status >= 200 && status < 300) return '2xx';
  if (status >= 400 && status < 500) return '4xx';
  return status >= 500 && status < 600 ? '5xx' : 'other';
}
