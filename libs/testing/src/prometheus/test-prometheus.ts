import { dirname, join } from 'node:path';
import { BinaryServer } from '../servers/binary-server.js';
import { freePort } from '../servers/free-port.js';
import { messageOf, waitUntil } from '../servers/wait-until.js';

/** It starts within a second where nothing else runs. */
const READY_TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 2_000;
/** The heaviest question of ours takes milliseconds. */
const QUERY_TIMEOUT_MS = 10_000;

export interface PrometheusOptions {
  /** The program, see `findPrometheus`. */
  readonly path: string;
  /** What to scrape: for each name of a job the base URLs of admin ports. */
  readonly jobs: Readonly<Record<string, readonly string[]>>;
  readonly rulesFile: string;
  /** Between two scrapes and between two looks at the rules. */
  readonly intervalSeconds: number;
}

/** A value at a time, in seconds since 1970; NaN where there was nothing to divide by. */
export type Sample = readonly [seconds: number, value: number];

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly Sample[];
}

/** The times of a question about a while, in seconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** A real Prometheus, always a program of this machine: a container would not reach what listens on 127.0.0.1. */
export class TestPrometheus {
  private constructor(
    private readonly server: BinaryServer,
    private readonly url: string,
  ) {}

  static async start({ path, jobs, rulesFile, intervalSeconds }: PrometheusOptions): Promise<TestPrometheus> {
    const port = await freePort();
    const interval = `${intervalSeconds}s`;
    const config = {
      global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
      rule_files: [rulesFile],
      scrape_configs: Object.entries(jobs).map(([job, urls]) => ({
        job_name: job,
        static_configs: [{ targets: urls.map((url) => new URL(url).host) }],
      })),
    };
    const recipe = {
      binaries: ['prometheus'],
      image: 'prom/prometheus',
      containerPort: 9_090,
      configFile: 'prometheus.yml',
      config: () => JSON.stringify(config), // which is YAML too
      args: (configPath: string) => [
        `--config.file=${configPath}`,
        `--storage.tsdb.path=${join(dirname(configPath), 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
    };
    const prometheus = new TestPrometheus(await BinaryServer.prepare(path, recipe, port), `http://127.0.0.1:${port}`);
    await prometheus.startServer();
    return prometheus;
  }

  /** What an expression says now. Throws with the words of Prometheus when it is wrong. */
  async query(expr: string): Promise<readonly Series[]> {
    const result = (await this.ask('query', { query: expr })) as { metric: Series['labels']; value: RawSample }[];
    return result.map(({ metric, value }) => ({ labels: metric, samples: [parseSample(value)] }));
  }

  /** What it said over a while. */
  async queryRange(expr: string, { from, to, step }: Span): Promise<readonly Series[]> {
    const span = { start: String(from), end: String(to), step: String(step) };
    const result = (await this.ask('query_range', { query: expr, ...span })) as {
      metric: Series['labels'];
      values: RawSample[];
    }[];
    return result.map(({ metric, values }) => ({ labels: metric, samples: values.map(parseSample) }));
  }

  stop(): Promise<void> {
    return this.server.remove();
  }

  private async startServer(): Promise<void> {
    try {
      await this.server.start();
      await waitUntil('Prometheus', READY_TIMEOUT_MS, async () => {
        const { ok } = await fetch(`${this.url}/-/ready`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
        if (!ok) throw new Error('it is not ready');
      });
    } catch (cause) {
      const said = await this.server.lastWords();
      await this.server.remove();
      throw new Error(`${messageOf(cause)}\n${said}`, { cause });
    }
  }

  private async ask(what: 'query' | 'query_range', params: Record<string, string>): Promise<unknown> {
    const answer = await fetch(`${this.url}/api/v1/${what}`, {
      method: 'POST',
      body: new URLSearchParams(params),
      signal: AbortSignal.timeout(QUERY_TIMEOUT_MS),
    });
    const { data, error } = (await answer.json()) as { data?: { result: unknown }; error?: string };
    if (data === undefined) throw new Error(`${params.query ?? ''}: ${error ?? answer.statusText}`);
    return data.result;
  }
}

type RawSample = readonly [seconds: number, value: string];

/** Numbers come as text, since JSON knows no NaN and no infinity. */
const parseSample = ([seconds, value]: RawSample): Sample => [
  seconds,
  Number(value.replace(/^([+-]?)Inf$/, '$1Infinity')),
];
