import { mkdtemp, readFile, rm, writeFile, copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findPrometheus } from '#testing';
import { readExpression } from '../../monitoring/promql.js';
import { promtool } from '../../monitoring/promtool.js';
import { alerts, casesOfAlerts, PROMETHEUS_FOLDER } from '../../monitoring/rule-file.js';

/** The first run may fetch promtool; a busy machine takes seconds for the cases. */
const TIMEOUT_MS = 120_000;

const tool = await findPrometheus('promtool');
const path = 'path' in tool ? tool.path : '';
const itWithPromtool = 'path' in tool ? it : it.skip;
const prefix = 'missing' in tool ? `(${tool.missing}) ` : '';

describe('the rules for Prometheus', () => {
  itWithPromtool(
    `${prefix}are rules that it takes, and so is the configuration that names them`,
    async () => {
      const said = await promtool(path, 'check', 'config', join(PROMETHEUS_FOLDER, 'prometheus.yml'));
      expect(said).toMatch(/SUCCESS: [1-9]\d* rules found/);
    },
    TIMEOUT_MS,
  );

  itWithPromtool(
    `${prefix}fire, are silent and end as their cases say`,
    async () => {
      expect(await promtool(path, 'test', 'rules', join(PROMETHEUS_FOLDER, 'rules.test.yml'))).toContain('SUCCESS');
    },
    TIMEOUT_MS,
  );

  itWithPromtool(
    `${prefix}have cases that fail when a rule is another one`,
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'starling-rules-'));
      try {
        const rules = await readFile(join(PROMETHEUS_FOLDER, 'rules.yml'), 'utf8');
        await writeFile(
          join(folder, 'rules.yml'),
          rules.replace('expr: service_ready == 0', 'expr: service_ready == 2'),
        );
        await copyFile(join(PROMETHEUS_FOLDER, 'rules.test.yml'), join(folder, 'rules.test.yml'));
        await expect(promtool(path, 'test', 'rules', join(folder, 'rules.test.yml'))).rejects.toThrow();
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    TIMEOUT_MS,
  );

  it.each(alerts().map(({ name }) => name))(
    '%s has a case in which it is silent, fires, and is silent again',
    (name) => {
      const courses = casesOfAlerts().map((looks) =>
        looks.filter(({ alertname }) => alertname === name).map(({ exp_alerts }) => exp_alerts.length > 0),
      );
      expect(courses.map(String)).toContainEqual(expect.stringMatching(/^(false,)+(true,)+false$/));
    },
  );
});

describe('an expression', () => {
  it.each([
    ['up{job="relay"} == 0 or absent(up{job="x"})', ['up']],
    [
      'sum by (job, le) (rate(a_bucket{le!="is_a"}[5m])) > on (job) group_left () 0.85 * rec:b:ratio',
      ['a_bucket', 'rec:b:ratio'],
    ],
    ['a unless b offset 5m and on () c - time() > 7 * 86400 + 1e3', ['a', 'b', 'c']],
  ])('%s has its series', (expr, metrics) => {
    expect(readExpression(expr)).toEqual({ metrics, faults: [] });
  });

  it.each(['up{job="relay"', 'rate(up[$__rate_interval])', 'sum(rate(up[5m])', '{job="relay"}'])(
    '%s is none of ours',
    (expr) => {
      expect(readExpression(expr).faults.length).toBeGreaterThan(0);
    },
  );
});
