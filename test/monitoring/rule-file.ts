import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { readExpression } from './promql.js';

/** The part of a rule that tests look at: an alert or a recorded series. */
interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly annotations?: { readonly summary: string; readonly runbook: string };
}

/** One look of a case at one alert. */
export interface Look {
  readonly alertname: string;
  readonly eval_time: string;
  readonly exp_alerts: readonly unknown[];
}

export const PROMETHEUS_FOLDER = fileURLToPath(new URL('../../monitoring/prometheus', import.meta.url));

const read = (name: string): unknown => parse(readFileSync(`${PROMETHEUS_FOLDER}/${name}`, 'utf8'));

const rules = (): readonly Rule[] =>
  (read('rules.yml') as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);

export interface Alert {
  readonly name: string;
  /** A path from the root of the project. */
  readonly runbook: string | undefined;
}

export const alerts = (): readonly Alert[] =>
  rules().flatMap(({ alert, annotations }) =>
    alert === undefined ? [] : [{ name: alert, runbook: annotations?.runbook }],
  );

/** The looks of each case of rules.test.yml, in the order of time. */
export const casesOfAlerts = (): readonly (readonly Look[])[] =>
  (read('rules.test.yml') as { tests: { alert_rule_test: Look[] }[] }).tests.map((test) => test.alert_rule_test);

/** Series that rules make. */
const recordedSeries = (): readonly string[] => rules().flatMap(({ record }) => (record === undefined ? [] : [record]));

/** Every name that a rule reads and no rule makes: what a service, or Prometheus itself, must export. */
export function metricsThatRulesRead(): readonly string[] {
  const made = new Set(recordedSeries());
  const names = new Set(rules().flatMap(({ expr }) => readExpression(expr).metrics));
  return [...names].filter((name) => !made.has(name)).sort();
}

/** What an expression is made of in the end: what a rule makes is replaced by what that rule reads. */
export function metricsBehind(expr: string): readonly string[] {
  const behind = readExpression(expr).metrics.flatMap((name) => {
    const makers = rules().filter(({ record }) => record === name);
    return makers.length === 0 ? [name] : makers.flatMap((maker) => metricsBehind(maker.expr));
  });
  return [...new Set(behind)];
}
