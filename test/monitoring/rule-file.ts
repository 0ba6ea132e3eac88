import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

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

/** Every name that a rule reads and no rule makes: what a service, or Prometheus itself, must export. */
export function metricsThatRulesRead(): readonly string[] {
  const made = new Set(rules().map(({ record }) => record));
  const names = new Set(rules().flatMap(({ expr }) => metricsIn(expr)));
  return [...names].filter((name) => !made.has(name)).sort();
}

/** Words of the language that are followed by a list of labels. */
const WITH_LABELS = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g;
const OPERATORS = new Set(['and', 'or', 'unless', 'bool', 'offset']);

/** Names of series in an expression: what is left without texts, labels, times, numbers, operators and functions. */
export function metricsIn(expr: string): readonly string[] {
  const bare = expr
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replace(WITH_LABELS, ' ');
  const words = bare.matchAll(/(?<![\w:.])([A-Za-z_:][\w:]*)(?!\s*\(|[\w:])/g);
  return [...new Set([...words].map(([, word = '']) => word))].filter((word) => !OPERATORS.has(word));
}
