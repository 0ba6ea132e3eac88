import { inWords } from './numbers.js';
import type { Box, Named } from './shapes.js';
import type { PanelLook } from './panel-look.js';
import { element, widthOf, words } from './svg.js';
import { colorOf, EDGE, FAINT, SMALL } from './theme.js';

const LARGEST = 26;
const BESIDE = 18;
const BOW_WIDTH = 9;

interface Shown {
  readonly name: string;
  readonly text: string;
  readonly color: string;
}

/** The last value of each series, large, with its name below where there are several. */
export function drawFigure(look: PanelLook, series: readonly Named[], box: Box): string {
  const shown = shownOf(look, series);
  const hasNames = shown.length > 1;
  const cell = box.width / shown.length;
  const size = Math.min(...shown.map(({ text }) => sizeFor(text, cell - BESIDE)));
  const middle = box.y + box.height / 2 + (hasNames ? 0 : size / 3);
  return shown
    .flatMap(({ name, text, color }, index) => {
      const x = box.x + (index + 0.5) * cell;
      const value = words(text, x, middle, {
        'text-anchor': 'middle',
        'font-size': size,
        'font-weight': 600,
        fill: color,
      });
      return hasNames
        ? [value, words(name, x, middle + 18, { 'text-anchor': 'middle', 'font-size': SMALL, fill: FAINT })]
        : [value];
    })
    .join('');
}

/** A share of 1 as a bow that is filled from the left. */
export function drawShare(look: PanelLook, series: readonly Named[], box: Box): string {
  const [value] = series.map(lastValue);
  const [shown] = shownOf(look, series);
  if (value === undefined || shown === undefined || !Number.isFinite(value)) return drawFigure(look, series, box);
  const radius = Math.min(box.width / 2, box.height) - BOW_WIDTH;
  const center = { x: box.x + box.width / 2, y: box.y + box.height - 4 };
  const at = (share: number): string => {
    const angle = Math.PI * (1 - share);
    return `${(center.x + radius * Math.cos(angle)).toFixed(1)} ${(center.y - radius * Math.sin(angle)).toFixed(1)}`;
  };
  const bow = (share: number, stroke: string): string =>
    element('path', {
      d: `M ${at(0)} A ${radius.toFixed(1)} ${radius.toFixed(1)} 0 0 1 ${at(share)}`,
      fill: 'none',
      stroke,
      'stroke-width': BOW_WIDTH,
    });
  const text = { 'text-anchor': 'middle', 'font-size': 17, 'font-weight': 600, fill: shown.color };
  return [
    bow(1, EDGE),
    bow(Math.min(1, Math.max(0, value)), shown.color),
    words(shown.text, center.x, center.y - 4, text),
  ].join('');
}

function shownOf(look: PanelLook, series: readonly Named[]): readonly Shown[] {
  const nothing = { name: '', text: look.whenNone, color: FAINT };
  if (series.length === 0) return [nothing];
  return series.map((each) => {
    const value = lastValue(each);
    if (value === undefined || Number.isNaN(value)) return { ...nothing, name: each.name };
    const word = look.wordOf(value);
    if (word !== null) return { name: each.name, text: word.text, color: colorOf(word.color) };
    return { name: each.name, text: inWords(value, look.unit, look.decimals), color: colorOf(look.colorOf(value)) };
  });
}

const lastValue = ({ samples }: Named): number | undefined => samples.at(-1)?.[1];

const sizeFor = (text: string, width: number): number => Math.min(LARGEST, (LARGEST * width) / widthOf(text, LARGEST));
