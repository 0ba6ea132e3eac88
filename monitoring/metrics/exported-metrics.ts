/** A metric as a service describes it. */
export interface ExportedMetric {
  readonly name: string;
  readonly kind: string;
  readonly help: string;
  /** Names of its labels, in the order of the code. */
  readonly labels: readonly string[];
}

/** Of the process, from the library that all services use for metrics: they differ by version of Node and by system. */
const OF_PROCESS = /^(?:process|nodejs)_/;
const TYPE = /^# TYPE (\w+) (\w+)$/gm;
const HELP = /^# HELP (\w+) (.*)$/gm;
const SERIES = /^(\w+)(?:\{(.*)\})? \S+$/gm;
const LABEL = /(\w+)="(?:[^"\\]|\\.)*"/g;
/** What Prometheus makes of one histogram. */
const PART = /_(?:bucket|sum|count)$/;

/**
 * All that a service of ours counts, from a scrape in the format of Prometheus. Throws when a metric has no series yet:
 * nobody can tell its labels then.
 */
export function exportedMetrics(text: string): readonly ExportedMetric[] {
  const kinds = new Map([...text.matchAll(TYPE)].map(([, name = '', kind = '']) => [name, kind]));
  const labels = new Map<string, readonly string[]>();
  for (const [, series = '', written = ''] of text.matchAll(SERIES)) {
    const whole = series.replace(PART, '');
    labels.set(kinds.get(whole) === 'histogram' ? whole : series, labelsIn(written));
  }
  return [...text.matchAll(HELP)]
    .filter(([, name = '']) => !OF_PROCESS.test(name))
    .map(([, name = '', help = '']) => {
      const [kind, own] = [kinds.get(name), labels.get(name)];
      if (kind === undefined || own === undefined) throw new Error(`${name} has no series yet`);
      return { name, kind, help, labels: own };
    });
}

/** `le` is where a bucket of a histogram ends. */
const labelsIn = (written: string): readonly string[] =>
  [...written.matchAll(LABEL)].map(([, label = '']) => label).filter((label) => label !== 'le');
