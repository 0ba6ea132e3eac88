import type { Span } from '#testing';
import { drawLegend, layLegend, LEGEND_LINE } from './legend.js';
import { inWords, ticks } from './numbers.js';
import type { PanelLook } from './panel-look.js';
import type { Box, Named } from './shapes.js';
import { element, short, words } from './svg.js';
import { colorOf, FAINT, GRID, lineColor, SMALL } from './theme.js';
import { drawTimes, TIME_AXIS_HEIGHT, timeScale } from './time-axis.js';

/** Of the words beside the plot. */
const VALUES_WIDTH = 50;
/** Between the title and the words of the highest value. */
const ABOVE = 5;
const LINES_OF_GRID = 4;
/** More lines of a legend would leave no room for the plot. */
const MOST_LEGEND_LINES = 3;

/** A value at a time, with what it stands on. */
interface Point {
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
}

/** Lines over time, or areas on top of each other. */
export function drawLines(look: PanelLook, series: readonly Named[], span: Span, box: Box): string {
  const entries = series.map(({ name }, index) => {
    const color = look.colorOfSeries(name);
    return { name, color: color === null ? lineColor(index) : colorOf(color) };
  });
  const legend = layLegend(entries, box.width).slice(0, MOST_LEGEND_LINES);
  const plot = {
    x: box.x + VALUES_WIDTH,
    y: box.y + ABOVE,
    width: box.width - VALUES_WIDTH,
    height: box.height - ABOVE - TIME_AXIS_HEIGHT - legend.length * LEGEND_LINE,
  };
  const courses = look.isStacked ? stacked(series) : series.map(fromZero);
  const values = gridFor(look, courses);
  const [lowest = 0, highest = 1] = [values.at(0), values.at(-1)];
  const y = (value: number): number => plot.y + ((highest - value) / (highest - lowest)) * plot.height;
  const x = timeScale(span, plot);
  const grid = values.flatMap((value) => [
    element('path', { d: `M${short(plot.x)} ${short(y(value))}h${short(plot.width)}`, stroke: GRID }),
    words(inWords(value, look.unit), plot.x - 5, y(value) + 3.5, {
      'text-anchor': 'end',
      'font-size': SMALL,
      fill: FAINT,
    }),
  ]);
  const drawn = courses.map((points, index) => {
    // On a stack nothing is drawn of a series that is 0: it would cover the edge of the one below.
    const runs = unbroken(look.isStacked ? points.filter(({ low, high }) => high > low) : points, span.step);
    const line = runs.map((run) => polyline(run.map(({ seconds, high }) => [x(seconds), y(high)]))).join('');
    const area = runs.map((run) => areaOf(run, x, y)).join('');
    const color = entries[index]?.color ?? lineColor(index);
    return [
      ...(look.isStacked ? [element('path', { d: area, fill: color, 'fill-opacity': 0.4, stroke: 'none' })] : []),
      element('path', { d: line, fill: 'none', stroke: color, 'stroke-width': 1.3, 'stroke-linejoin': 'round' }),
    ].join('');
  });
  const { limit } = look;
  const dashes = { stroke: colorOf('red'), 'stroke-width': 1, 'stroke-dasharray': '5 3' };
  return [
    ...grid,
    drawTimes(span, plot),
    ...drawn,
    ...(limit === undefined || limit > highest
      ? []
      : [element('path', { d: `M${short(plot.x)} ${short(y(limit))}h${short(plot.width)}`, ...dashes })]),
    drawLegend(legend, { x: box.x, y: box.y + box.height - legend.length * LEGEND_LINE }),
  ].join('');
}

/** What could not be divided is left out. */
const fromZero = ({ samples }: Named): readonly Point[] =>
  samples.filter(([, value]) => Number.isFinite(value)).map(([seconds, high]) => ({ seconds, low: 0, high }));

/** Each on the sum of those before it at the same time. */
function stacked(series: readonly Named[]): readonly (readonly Point[])[] {
  const tops = new Map<number, number>();
  return series.map((each) =>
    fromZero(each).map(({ seconds, high }) => {
      const low = tops.get(seconds) ?? 0;
      tops.set(seconds, low + high);
      return { seconds, low, high: low + high };
    }),
  );
}

/** Round values that cover all points; 0 is one of them unless lines may go below it. */
function gridFor({ isSigned, unit }: PanelLook, courses: readonly (readonly Point[])[]): readonly number[] {
  const all = courses.flat().map(({ high }) => high);
  const lowest = isSigned ? Math.min(0, ...all) : 0;
  const highest = Math.max(0, ...all);
  return ticks(lowest, highest > lowest ? highest : lowest + 1, unit, LINES_OF_GRID);
}

/** Parts without a hole: a line over a time without values would show what nobody saw. */
function unbroken(points: readonly Point[], step: number): readonly (readonly Point[])[] {
  const runs: Point[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run === undefined || before === undefined || point.seconds - before.seconds > 1.5 * step) runs.push([point]);
    else run.push(point);
  }
  return runs;
}

const polyline = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join('');

function areaOf(run: readonly Point[], x: (seconds: number) => number, y: (value: number) => number): string {
  const above = run.map(({ seconds, high }) => [x(seconds), y(high)] as const);
  const below = run.map(({ seconds, low }) => [x(seconds), y(low)] as const).reverse();
  return `${polyline([...above, ...below])}Z`;
}
