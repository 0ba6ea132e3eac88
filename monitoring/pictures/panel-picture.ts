import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Span } from '#testing';
import { drawCourse } from './course-picture.js';
import { drawFigure, drawShare } from './figure-picture.js';
import { drawLines } from './lines-picture.js';
import { lookOf } from './panel-look.js';
import type { Box, Named } from './shapes.js';
import { element, words } from './svg.js';
import { EDGE, PANEL, TEXT, TITLE_SIZE } from './theme.js';

const INSIDE = 10;
const TITLE_HEIGHT = 26;

/** A panel with its frame and title. Throws for a kind of panel that none of ours is. */
export function drawPanel(panel: Panel, series: readonly Named[], span: Span, box: Box): string {
  const inner = {
    x: box.x + INSIDE,
    y: box.y + TITLE_HEIGHT,
    width: box.width - 2 * INSIDE,
    height: box.height - TITLE_HEIGHT - INSIDE / 2,
  };
  return element(
    'g',
    {},
    element('rect', { ...box, rx: 3, fill: PANEL, stroke: EDGE }),
    words(panel.title ?? '', inner.x, box.y + 17, { 'font-size': TITLE_SIZE, 'font-weight': 600, fill: TEXT }),
    drawInside(panel, series, span, inner),
  );
}

function drawInside(panel: Panel, series: readonly Named[], span: Span, box: Box): string {
  const look = lookOf(panel);
  switch (panel.type) {
    case 'stat':
      return drawFigure(look, series, box);
    case 'gauge':
      return drawShare(look, series, box);
    case 'timeseries':
      return drawLines(look, series, span, box);
    case 'state-timeline':
      return drawCourse(look, series, span, box);
    default:
      throw new Error(`there is no picture of a ${panel.type}`);
  }
}
