import type { Query } from './panels.js';

/** The jobs of a node, as monitoring/prometheus/prometheus.yml names them. */
export const SERVICES = 'job=~"relay|storage|swarm-manager|door"';

/** Grafana's, at least four scrapes long: shorter ones would often see one sample, of which there is no rate. */
const WHILE = '$__rate_interval';

/** How often in a second, in all or by labels. */
export const perSecond = (series: string, ...by: readonly string[]): string =>
  `sum${grouping(by)} (rate(${series}[${WHILE}]))`;

/** The same without what did not happen, so that a legend names nothing that did not. */
export const happening = (series: string, ...by: readonly string[]): string => `${perSecond(series, ...by)} > 0`;

/** How often in the time that is shown. */
export const inAll = (series: string): string => `sum(increase(${series}[$__range]))`;

/** The time within which a share of all was done. `labels` choose among the series, for instance `kind="final"`. */
export const within = (share: number, histogram: string, labels = '', ...by: readonly string[]): string => {
  const chosen = labels === '' ? '' : `{${labels}}`;
  return `histogram_quantile(${share}, ${perSecond(`${histogram}_bucket${chosen}`, ...by, 'le')})`;
};

/** Half of all and 99 of 100, as two lines. */
export const halfAndMost = (name: string, histogram: string, labels = ''): readonly Query[] => [
  { expr: within(0.5, histogram, labels), legend: `${name}: half within` },
  { expr: within(0.99, histogram, labels), legend: `${name}: 99 % within` },
];

const grouping = (by: readonly string[]): string => (by.length === 0 ? '' : ` by (${by.join(', ')})`);
