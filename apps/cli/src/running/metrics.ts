import { ask } from '../http/ask.js';
import { Problem } from '../problems.js';

const SERIES = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One scrape of an admin port: the text format of Prometheus, as far as our services write it. */
export class Metrics {
  readonly #series = new Map<string, Series[]>();

  constructor(text: string) {
    for (const line of text.split('\n')) {
      const [, name, labels = '', value] = SERIES.exec(line) ?? [];
      if (name === undefined || value === undefined) continue;
      const series = this.#series.get(name) ?? [];
      const pairs = [...labels.matchAll(LABEL)].map(([, label = '', text = '']) => [label, text] as const);
      series.push({ labels: Object.fromEntries(pairs), value: Number(value) });
      this.#series.set(name, series);
    }
  }

  /** The sum of all series of a name that have these labels; null where there is none. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number | null {
    const wanted = Object.entries(labels);
    const found = (this.#series.get(name) ?? []).filter((series) =>
      wanted.every(([label, value]) => series.labels[label] === value),
    );
    return found.length === 0 ? null : found.reduce((sum, { value }) => sum + value, 0);
  }
}

/** Throws Problem for an answer that is none, and what `ask` throws. */
export async function metricsAt(adminUrl: string): Promise<Metrics> {
  const { status, body } = await ask({ method: 'GET', url: `${adminUrl}/metrics` });
  if (status !== 200) throw new Problem(`${adminUrl} has no metrics: it answers ${status}.`);
  return new Metrics(Buffer.from(body).toString('utf8'));
}
