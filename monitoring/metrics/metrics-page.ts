import { exportedMetrics, type ExportedMetric } from './exported-metrics.js';

const INTRODUCTION = `# Metrics

What each service exports at \`/metrics\` of its admin port. [monitoring.md](monitoring.md) says who may ask, how to scrape
them, and which alerts and dashboards look at them. No label holds an account, an address, a message hash or a key.

Each also exports \`process_*\` and \`nodejs_*\`: memory, processor, files and garbage collection of its process. The
workers of a relay (\`RELAY_WORKERS\`) are one to whoever asks: most of its metrics are then the sum over them, and
\`relay_workers\` and \`relay_worker_restarts_total\` are there only then.

This page is written by \`npm run generate:metrics\`, from what a running node says.
`;

const HEAD = ['metric', 'of', 'kind', 'what it says'];

/** Text of docs/operators/metrics.md. `scrapes`: what each service of a node answers, by its name. */
export function metricsPage(scrapes: Readonly<Record<string, string>>): string {
  const found = new Map<string, { readonly metric: ExportedMetric; readonly services: readonly string[] }>();
  for (const [service, text] of Object.entries(scrapes)) {
    for (const metric of exportedMetrics(text)) {
      const known = found.get(metric.name);
      found.set(metric.name, { metric: known?.metric ?? metric, services: [...(known?.services ?? []), service] });
    }
  }
  const all = Object.keys(scrapes).length;
  const rows = [...found.values()]
    .toSorted((one, other) => (one.metric.name < other.metric.name ? -1 : 1))
    .map(({ metric: { name, labels, kind, help }, services }) => [
      `\`${name}${labels.length === 0 ? '' : `{${labels.join(', ')}}`}\``,
      services.length === all ? 'all' : services.join(', '),
      kind,
      help.replaceAll('|', '\\|'),
    ]);
  return `${INTRODUCTION}\n${table(rows)}`;
}

/** As the formatter of this project wants it: every column as wide as its widest cell. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = HEAD.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], fill = ' '): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |\n`;
  const rule = line(
    HEAD.map(() => ''),
    '-',
  );
  return [line(HEAD), rule, ...rows.map((row) => line(row))].join('');
}
