import { readdirSync, readFileSync } from 'node:fs';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import { describe, expect, it } from '@jest/globals';
import { readExpression } from '../../test/monitoring/promql.js';
import { metricsBehind, metricsThatRulesRead } from '../../test/monitoring/rule-file.js';
import { dashboards } from './dashboards.js';
import { isRow, labelsIn, nameOf, panelsOf, questionsOf, withTimes } from './questions.js';

const FOLDER = new URL('../grafana/dashboards/', import.meta.url);
/** Grafana's grid. */
const COLUMNS = 24;
/** A setting; and what makes relay and storage not ready while it is 0, which is shown. */
const SEEN_OTHERWISE = ['relay_behind_door', 'swarm_manager_clock_trusted'];
const TIMES = { rateInterval: 60, range: 21_600 };

const boards = dashboards().map((board) => ({ name: board.uid, board }));
const questions = dashboards().flatMap(questionsOf);

describe('dashboards', () => {
  it('lie beside the rules as they are made', () => {
    const files = readdirSync(FOLDER).sort();
    expect(files).toEqual(boards.map(({ name }) => `${name}.json`).sort());
    for (const { name, board } of boards) {
      const file: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));
      expect(file).toEqual(JSON.parse(JSON.stringify(board))); // npm run generate:dashboards
    }
  });

  it.each(boards)('$name fills whole lines, no panel on another', ({ board }) => {
    const lines = new Map<number, number>();
    let bottom = 0;
    for (const panel of board.panels) {
      const { x = -1, y = -1, w = 0, h = 0 } = panel.gridPos ?? {};
      expect(x).toBe(lines.get(y) ?? 0);
      if (x === 0) expect(y).toBe(bottom);
      lines.set(y, x + w);
      bottom = Math.max(bottom, y + h);
    }
    expect(new Set(lines.values())).toEqual(new Set([COLUMNS]));
  });

  it.each(boards)('$name names and explains each panel, and numbers them', ({ board }) => {
    const titles = panelsOf(board).map(({ title }) => title ?? '');
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles).not.toContain('');
    for (const { description = '' } of panelsOf(board)) expect(description).toMatch(/\.$/);
    expect(board.panels.map(({ id }) => id)).toEqual(board.panels.map((_, index) => index + 1));
  });

  it.each(boards)('$name asks the Prometheus that is chosen at its top, and no other', ({ board }) => {
    const [variable, ...others] = board.templating.list ?? [];
    expect(others).toEqual([]);
    expect(variable).toMatchObject({ type: 'datasource', query: 'prometheus' });
    const chosen = { type: 'prometheus', uid: `\${${variable?.name ?? ''}}` };
    for (const panel of panelsOf(board)) {
      expect(panel.datasource).toEqual(chosen);
      const targets = panel.targets ?? [];
      expect(targets.length).toBeGreaterThan(0);
      for (const target of targets) expect(target).toMatchObject({ datasource: chosen });
      const names = targets.map((target) => (target as Dataquery).refId);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('use no variable that neither they nor Grafana have', () => {
    for (const { expr } of questions) expect(withTimes(expr, TIMES)).not.toContain('$');
    const text = JSON.stringify(boards);
    const used = new Set([...text.matchAll(/\$\{?(\w+)\}?/g)].map(([, name]) => name));
    expect(used).toEqual(new Set(['node', '__rate_interval', '__range']));
  });

  it.each(questions)('$dashboard, $panel: $expr is an expression', ({ expr }) => {
    expect(readExpression(withTimes(expr, TIMES))).toMatchObject({ faults: [] });
  });

  it('show whatever an alert watches', () => {
    const shown = new Set(questions.flatMap(({ expr }) => metricsBehind(withTimes(expr, TIMES))));
    const notShown = metricsThatRulesRead().filter((name) => !shown.has(name));
    expect(notShown).toEqual(SEEN_OTHERWISE);
  });

  it('are linked with each other by their tag, and each has its own address', () => {
    expect(new Set(boards.map(({ name }) => name)).size).toBe(boards.length);
    for (const { board } of boards) {
      expect(board.links).toEqual([expect.objectContaining({ type: 'dashboards', tags: ['starling'] })]);
      expect(board.tags).toContain('starling');
      expect(board.panels.filter(isRow).every(({ collapsed }) => !collapsed)).toBe(true);
    }
  });
});

describe('the name of a series', () => {
  it('has the values of its labels', () => {
    expect(nameOf('{{job}}: {{ le }}', { job: 'relay', le: '5' })).toBe('relay: 5');
    expect(labelsIn('{{job}}: {{ le }}')).toEqual(['job', 'le']);
    expect(nameOf('used', { job: 'relay' })).toBe('used');
  });
});
