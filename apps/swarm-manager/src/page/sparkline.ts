import type { NodeStatus } from '../status/node-status.js';
import { html, type Html } from './html.js';
import { bytes } from './in-words.js';

const WIDTH = 600;
const HEIGHT = 80;
const MINUTES = 60;
const MINUTE_MS = 60_000;

/** Requests of each minute of the last hour as a line, with the same in words for who does not see it. */
export function trafficChart({ traffic: { minutes }, now_ms: nowMs }: Pick<NodeStatus, 'traffic' | 'now_ms'>): Html {
  const sum = (name: 'requests' | 'bytes_in' | 'bytes_out'): number =>
    minutes.reduce((total, minute) => total + minute[name], 0);
  const most = Math.max(0, ...minutes.map(({ requests }) => requests));
  const words = `${sum('requests')} requests in the last hour, at most ${most} in a minute`;
  const text = html`<p>${words}; ${bytes(sum('bytes_in'))} received, ${bytes(sum('bytes_out'))} sent.</p>`;
  if (minutes.length === 0) return html`<p>No relay has reported yet.</p>`;
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${words}" preserveAspectRatio="none">
      <polyline points="${points(minutes, nowMs, most)}" />
    </svg>
    ${text}`;
}

/** The newest minute is at the right; a minute without a report is where the line goes on to the next. */
function points(minutes: NodeStatus['traffic']['minutes'], nowMs: number, most: number): string {
  const newest = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  return minutes
    .map(({ at_ms: atMs, requests }) => {
      const x = WIDTH - ((newest - atMs) / MINUTE_MS) * (WIDTH / (MINUTES - 1));
      const y = HEIGHT - 2 - (most === 0 ? 0 : requests / most) * (HEIGHT - 4);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}
