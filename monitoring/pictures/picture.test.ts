import { existsSync, readFileSync } from 'node:fs';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Sample } from '#testing';
import { board } from '../dashboards/board.js';
import { dashboards } from '../dashboards/dashboards.js';
import { course, figure, lines, share } from '../dashboards/panels.js';
import { panelsOf } from '../dashboards/questions.js';
import { draw } from './picture.js';
import type { Named } from './shapes.js';
import { escape } from './svg.js';
import { colorOf } from './theme.js';

const SPAN = { from: 1_000, to: 1_040, step: 10 };
const ONE = { title: 'One', about: 'One.', queries: [{ expr: 'up', legend: 'up' }], width: 24 };

const every = (value: number): readonly Sample[] => [0, 1, 2, 3, 4].map((index) => [1_000 + 10 * index, value]);

const drawOne = (panel: Panel, ...series: readonly Named[]): string =>
  draw(board({ uid: 'one', title: 'Board', about: 'One.', sections: [{ panels: [panel] }] }), () => series, SPAN);

/** Elements that are opened and closed in order, and nothing that an attribute or a text may not hold. */
function expectWellFormed(svg: string): void {
  const open: string[] = [];
  for (const [tag, closes, name = '', ends] of svg.matchAll(/<(\/)?(\w+)(?: [\w-]+="[^"<]*")*(\/)?>/g)) {
    if (closes !== undefined) expect(open.pop()).toBe(name);
    else if (ends === undefined) open.push(name);
    expect(tag).toBeDefined();
  }
  expect(open).toEqual([]);
  expect(svg.replace(/<[^<>]+>/g, '')).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot);)/);
}

const strokes = (svg: string): readonly string[] =>
  [...svg.matchAll(/<path d="([^"]+)" fill="none" stroke="[^"]+" stroke-width="1.3"/g)].map(([, d = '']) => d);

describe('a picture of a dashboard', () => {
  it.each(dashboards().map((each) => ({ name: each.uid, each })))('$name names all its panels', ({ each }) => {
    const svg = draw(each, () => [{ name: 'a', samples: every(1) }], SPAN);
    expectWellFormed(svg);
    for (const { title = '' } of panelsOf(each)) expect(svg).toContain(`>${escape(title)}<`);
  });

  it.each(dashboards().map(({ uid }) => uid))('%s is in the documents, with the panels that there are', (uid) => {
    const path = `docs/operators/pictures/${uid}.svg`; // npm run generate:pictures
    expect(existsSync(path)).toBe(true);
    const svg = readFileSync(path, 'utf8');
    expectWellFormed(svg);
    const each = dashboards().find((one) => one.uid === uid);
    for (const { title = '' } of each === undefined ? [] : panelsOf(each)) expect(svg).toContain(`>${escape(title)}<`);
    expect(readFileSync('docs/operators/monitoring.md', 'utf8')).toContain(`(pictures/${uid}.svg)`);
  });

  it('holds whatever a series is named', () => {
    const panels = [lines({ ...ONE, unit: 's' }), course({ ...ONE, words: {}, whenNone: '-' }), figure(ONE)];
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...panels), (name, panel) => {
        expectWellFormed(drawOne(panel, { name, samples: every(1) }, { name: `${name}2`, samples: every(2) }));
      }),
      { numRuns: 50 },
    );
  });
});

describe('a figure', () => {
  it.each([
    ['a value in the color of its step', figure({ ...ONE, unit: 's', steps: ['green', [5, 'red']] }), 7, '>7 s<'],
    ['a word', figure({ ...ONE, words: { 1: { text: 'ready', color: 'green' } } }), 1, '>ready<'],
    ['what is not known', figure({ ...ONE, whenNone: 'never' }), NaN, '>never<'],
    ['a share', share({ ...ONE, steps: ['green'] }), 0.25, '>25 %<'],
  ])('shows %s', (_what, panel, value, text) => {
    expect(drawOne(panel, { name: 'x', samples: [[1_000, value]] })).toContain(text);
  });

  it('shows the words for nothing where there is no series, and names where there are several', () => {
    expect(drawOne(share({ ...ONE, steps: ['green'], whenNone: 'no limit' }))).toContain('>no limit<');
    const svg = drawOne(figure(ONE), { name: 'relay', samples: [[1, 2]] }, { name: 'storage', samples: [[1, 3]] });
    expect(svg).toContain('>relay<');
    expect(svg).toContain('>storage<');
  });
});

describe('lines', () => {
  it('break where there is no value', () => {
    const samples: readonly Sample[] = [
      [1_000, 1],
      [1_010, NaN],
      [1_020, 1],
      [1_030, 2],
    ];
    const [line = ''] = strokes(drawOne(lines({ ...ONE, unit: 'none' }), { name: 'x', samples }));
    expect(line.match(/M/g)).toHaveLength(2);
  });

  it('stand on each other when they are stacked', () => {
    const series = [
      { name: 'x', samples: every(1) },
      { name: 'y', samples: every(1) },
    ];
    const heights = (isStacked: boolean): readonly (string | undefined)[] =>
      strokes(drawOne(lines({ ...ONE, unit: 'none', isStacked }), ...series)).map((d) => d.split(/[ L]/)[1]);
    expect(new Set(heights(false)).size).toBe(1);
    expect(new Set(heights(true)).size).toBe(2);
  });

  it('have the color that a panel gives their name', () => {
    const series = { name: 'new', samples: every(1) };
    const red = drawOne(lines({ ...ONE, unit: 'none', colors: { new: 'red' } }), series);
    expect(red).toContain(`stroke="${colorOf('red')}" stroke-width="1.3"`);
    expect(drawOne(lines({ ...ONE, unit: 'none', colors: { old: 'red' } }), series)).not.toContain(colorOf('red'));
  });

  it('show the limit where it is within reach', () => {
    const panel = lines({ ...ONE, unit: 'none', limit: 5 });
    expect(drawOne(panel, { name: 'x', samples: every(6) })).toContain('stroke-dasharray');
    expect(drawOne(panel, { name: 'x', samples: every(1) })).not.toContain('stroke-dasharray');
  });
});

describe('a course', () => {
  const panel = course({ ...ONE, words: { 1: { text: 'pending', color: 'blue' } }, whenNone: 'none fires' });

  it('has a band for each series, and the words that were used', () => {
    const svg = drawOne(panel, { name: 'SomeAlert', samples: every(1).slice(1, 3) });
    expect(svg).toContain('>SomeAlert<');
    expect(svg).toContain('>pending<');
  });

  it('says so when there is nothing', () => {
    expect(drawOne(panel)).toContain('>none fires<');
  });
});
