import type { Sample, Span } from '#testing';
import { drawLegend, layLegend, LEGEND_LINE, type Entry } from './legend.js';
import type { PanelLook } from './panel-look.js';
import type { Box, Named } from './shapes.js';
import { element, widthOf, words } from './svg.js';
import { colorOf, FAINT, TEXT } from './theme.js';
import { drawTimes, TIME_AXIS_HEIGHT, timeScale } from './time-axis.js';

const THICKEST_BAND = 20;
const NAME_SIZE = 11;

/** A band for each series: from when to when it had which of the words. */
export function drawCourse(look: PanelLook, series: readonly Named[], span: Span, box: Box): string {
  if (series.length === 0) {
    const middle = { 'text-anchor': 'middle', 'font-size': NAME_SIZE + 2, fill: FAINT };
    return words(look.whenNone, box.x + box.width / 2, box.y + box.height / 2, middle);
  }
  const names = Math.max(...series.map(({ name }) => widthOf(name, NAME_SIZE))) + 10;
  const used = legendOf(look, series);
  const plot = {
    x: box.x + names,
    y: box.y,
    width: box.width - names,
    height: box.height - TIME_AXIS_HEIGHT - LEGEND_LINE,
  };
  const row = plot.height / series.length;
  const band = Math.min(THICKEST_BAND, row * 0.7);
  const x = timeScale(span, plot);
  const bands = series.flatMap(({ name, samples }, index) => {
    const y = plot.y + (index + 0.5) * row;
    return [
      words(name, plot.x - 8, y + 4, { 'text-anchor': 'end', 'font-size': NAME_SIZE, fill: TEXT }),
      ...periods(samples, span.step).map(({ from, to, value }) => {
        const width = Math.max(0, Math.min(x(to), plot.x + plot.width) - x(from));
        return element('rect', { x: x(from), y: y - band / 2, width, height: band, fill: fillOf(look, value) });
      }),
    ];
  });
  return [
    drawTimes(span, plot),
    ...bands,
    drawLegend(layLegend(used, box.width), { x: plot.x, y: box.y + box.height - LEGEND_LINE }),
  ].join('');
}

interface Period {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** Samples of one value that follow each other are one: else there would be fine lines between them. */
function periods(samples: readonly Sample[], step: number): readonly Period[] {
  const found: Period[] = [];
  for (const [seconds, value] of samples) {
    const last = found.at(-1);
    const goesOn = last?.value === value && seconds - last.to < step / 2;
    if (goesOn) found.pop();
    found.push({ from: goesOn ? last.from : seconds, to: seconds + step, value });
  }
  return found;
}

function legendOf(look: PanelLook, series: readonly Named[]): readonly Entry[] {
  const values = new Set(series.flatMap(({ samples }) => samples.map(([, value]) => value)));
  return [...values]
    .sort((one, other) => one - other)
    .map((value) => ({ name: look.wordOf(value)?.text ?? String(value), color: fillOf(look, value) }));
}

const fillOf = (look: PanelLook, value: number): string => colorOf(look.wordOf(value)?.color ?? look.colorOf(value));
