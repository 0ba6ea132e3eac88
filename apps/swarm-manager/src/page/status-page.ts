import type { NodeStatus } from '../status/node-status.js';
import type { Warning } from '../status/warnings.js';
import { html, type Html } from './html.js';
import { duration, shortKey } from './in-words.js';
import { SCRIPT_ELEMENT, STYLE_ELEMENT } from './page-assets.js';
import { trafficChart } from './sparkline.js';
import { membersTable, standingTable, viewsTable } from './tables.js';

/** For who has scripts switched off. */
const RELOAD_SECONDS = 30;

/** The status of a node as one page, which needs nothing else. */
export function renderPage(status: NodeStatus): string {
  const title = `${status.serving ? 'Serving' : 'Not serving'} – Starling node ${shortKey(status.key)}`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${STYLE_ELEMENT}
        <noscript><meta http-equiv="refresh" content="${RELOAD_SECONDS}" /></noscript>
      </head>
      <body>
        <header>
          <h1>Starling node <code>${shortKey(status.key)}</code></h1>
          <p id="state">${status.serving ? 'Serving the network' : 'Not serving the network'}</p>
          <p id="news" role="status">${newsOf(status.warnings)}</p>
        </header>
        <main>
          ${section('warnings', 'Warnings', warningList(status.warnings))}
          ${section('standing', 'Standing', standingTable(status))}
          ${section('swarm', 'Swarm', membersTable(status.swarm))}
          ${section('traffic', 'Traffic of the last hour', trafficChart(status))}
          ${section('views', 'As other nodes see this one', viewsTable(status.seen_by_peers.views))}
        </main>
        <footer>
          Starling ${status.version}, tells the network ${status.reported_version}. Up for
          ${duration(status.uptime_ms)}. As of <time>${new Date(status.now_ms).toISOString()}</time>.
        </footer>
        ${SCRIPT_ELEMENT}
      </body>
    </html>`;
  return page.text;
}

const section = (id: string, heading: string, content: Html): Html =>
  html`<section aria-labelledby="${id}">
    <h2 id="${id}">${heading}</h2>
    ${content}
  </section>`;

/** Said aloud by screen readers whenever it changes. */
function newsOf(warnings: readonly Warning[]): string {
  const critical = warnings.filter(({ severity }) => severity === 'critical').length;
  if (warnings.length === 0) return 'Nothing is wrong';
  return `${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}, ${critical} critical`;
}

function warningList(warnings: readonly Warning[]): Html {
  if (warnings.length === 0) return html`<p>Nothing is wrong.</p>`;
  const item = ({ severity, text, remedy }: Warning): Html =>
    html`<li class="${severity}">
      <strong>${severity === 'critical' ? 'Critical' : 'Warning'}:</strong> ${text}<br />What to do: ${remedy}.
    </li>`;
  return html`<ul class="warnings">
    ${warnings.map(item)}
  </ul>`;
}
