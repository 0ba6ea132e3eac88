/** docs/operators/metrics.md has a row for each. */
export const METRICS_PAGE = 'docs/operators/metrics.md';

const ROW = /^\| `(\w+)/gm;
/** What begins as metrics of ours do, with the labels behind it. */
const NAME = /\b((?:relay|storage|swarm_manager|door|bus|peer|service|event_loop)_[a-z0-9_]+)\b(\{?)/g;
/** Words of the wire begin in the same way: what has a unit, or labels, or such a beginning is none of them. */
const IS_METRIC = /^(?:swarm_manager|bus)_|_(?:total|seconds|bytes|ratio)$/;
/** What Prometheus makes of a histogram. */
const PART = /_(?:bucket|sum|count)$/;

/** Names of all metrics, from the page about them. */
export function metricsOn(page) {
  return new Set([...page.matchAll(ROW)].map(([, name]) => name));
}

/** Metrics that a text names and that no service exports. */
export function* unknownMetrics(text, known) {
  for (const { index, 1: name, 2: brace } of text.matchAll(NAME)) {
    const whole = name.replace(PART, '');
    if (known.has(name) || known.has(whole)) continue;
    if (brace || IS_METRIC.test(whole)) yield { index, problem: `no service exports ${name}: see ${METRICS_PAGE}` };
  }
}
