import type { GridPos, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Span } from '#testing';
import type { Board } from '../dashboards/board.js';
import { isRow } from '../dashboards/questions.js';
import { drawPanel } from './panel-picture.js';
import type { Box, Named } from './shapes.js';
import { element, words } from './svg.js';
import { FONT, GROUND, TEXT } from './theme.js';

/** Of the whole picture: as wide as a page of documents shows it. */
const WIDTH = 1_200;
const COLUMNS = 24;
/** One unit of Grafana's grid, which is higher there. */
const ROW = 25;
const GAP = 8;
const HEAD = 40;

/** A dashboard as a page of SVG. `seriesOf` has what Prometheus said to the questions of a panel. */
export function draw(board: Board, seriesOf: (panel: Panel) => readonly Named[], span: Span): string {
  const boxes = board.panels.map(({ gridPos }) => boxOf(gridPos));
  const height = Math.max(...boxes.map((box) => box.y + box.height)) + GAP;
  const panels = board.panels.map((panel, index) => {
    const box = boxes[index] ?? boxOf(panel.gridPos);
    return isRow(panel) ? drawHeading(panel.title ?? '', box) : drawPanel(panel, seriesOf(panel), span, box);
  });
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${WIDTH} ${height}`,
    width: WIDTH,
    height,
    'font-family': FONT,
    role: 'img',
  };
  const parts = [
    element('title', {}, board.title),
    element('rect', { width: WIDTH, height, fill: GROUND }),
    words(board.title, GAP + 2, 26, { 'font-size': 18, 'font-weight': 600, fill: TEXT }),
    ...panels,
  ];
  return `${element('svg', root, `\n${parts.join('\n')}\n`)}\n`;
}

const drawHeading = (title: string, { x, y, height }: Box): string =>
  words(title, x + 2, y + height - 4, { 'font-size': 14, 'font-weight': 600, fill: TEXT });

function boxOf({ x, y, w, h }: GridPos = { x: 0, y: 0, w: 0, h: 0 }): Box {
  const column = (WIDTH - GAP) / COLUMNS;
  return { x: GAP + x * column, y: HEAD + y * ROW, width: w * column - GAP, height: h * ROW - GAP };
}
