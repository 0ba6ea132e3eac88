import type { Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Board } from './board.js';

/** One question of one panel. */
export interface Question {
  readonly dashboard: string;
  readonly panel: string;
  /** With Grafana's variables for times. */
  readonly expr: string;
  readonly legend: string;
}

export const panelsOf = ({ panels }: Board): readonly Panel[] =>
  panels.filter((panel): panel is Panel => !isRow(panel));

export const isRow = (panel: Panel | RowPanel): panel is RowPanel => panel.type === 'row';

/** All that a dashboard asks, in the order of its panels. */
export const questionsOf = (board: Board): readonly Question[] =>
  panelsOf(board).flatMap((panel) =>
    queriesOf(panel).map((query) => ({ dashboard: board.uid, panel: panel.title ?? '', ...query })),
  );

export const queriesOf = ({ targets = [] }: Panel): readonly Pick<Question, 'expr' | 'legend'>[] =>
  targets.map((target) => {
    const { expr, legendFormat = '' } = target as Dataquery; // there are questions to Prometheus only
    return { expr, legend: legendFormat };
  });

/** What Grafana puts in for its variables, as a number of seconds each. */
export interface Times {
  readonly rateInterval: number;
  readonly range: number;
}

/** An expression as Prometheus gets it. */
export const withTimes = (expr: string, { rateInterval, range }: Times): string =>
  expr.replaceAll('$__rate_interval', `${rateInterval}s`).replaceAll('$__range', `${range}s`);

/** The name of a series: each `{{label}}` is replaced by the value of that label. */
export const nameOf = (legend: string, labels: Readonly<Record<string, string>>): string =>
  legend.replace(LABEL, (_, label: string) => labels[label] ?? '');

/** The labels that a legend wants. */
export const labelsIn = (legend: string): readonly string[] =>
  [...legend.matchAll(LABEL)].map(([, label = '']) => label);

const LABEL = /\{\{\s*(\w+)\s*\}\}/g;
