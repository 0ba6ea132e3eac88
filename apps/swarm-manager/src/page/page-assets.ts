import { createHash } from 'node:crypto';
import { Html } from './html.js';

/** Light and dark by the visitor's own setting; contrasts are above 4.5 in both. */
const STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --soft: #57606a; --back: #ffffff; --line: #d0d7de; --good: #116329; --bad: #a40e26; --warn: #7d4e00; --mark: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9da7b3; --back: #0d1117; --line: #3d444d; --good: #56d364; --bad: #ff8e86; --warn: #e3b341; --mark: #79c0ff; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); margin: 0 auto; padding: 1rem; max-width: 60rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
header p, footer { color: var(--soft); margin: 0; } footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .5rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: normal; }
thead th { color: var(--soft); } tbody th { white-space: nowrap; }
.scroll { overflow-x: auto; } .scroll:focus-visible { outline: 2px solid var(--mark); outline-offset: 2px; }
.good { color: var(--good); } .bad { color: var(--bad); } .unknown { color: var(--soft); }
.warnings { list-style: none; margin: 0; padding: 0; } .warnings li { border-left: .3rem solid var(--warn); padding: .25rem .75rem; margin-bottom: .5rem; } .warnings li.critical { border-color: var(--bad); }
svg { width: 100%; height: 5rem; border-bottom: 1px solid var(--line); } polyline { fill: none; stroke: var(--mark); stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
`;

/** The page as it is now in the place of the page as it was, while somebody looks; what has the focus keeps it. */
const SCRIPT = `
const EVERY_MS = 10000;
async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(location.pathname, { cache: 'no-store', signal: AbortSignal.timeout(EVERY_MS) });
  if (!answer.ok) return;
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const focused = document.activeElement?.getAttribute('aria-label');
  for (const name of ['main', 'footer']) document.querySelector(name).replaceWith(next.querySelector(name));
  for (const id of ['#state', '#news']) {
    const [old, now] = [document.querySelector(id), next.querySelector(id)];
    if (old.textContent !== now.textContent) old.textContent = now.textContent;
  }
  if (focused) for (const each of document.querySelectorAll('.scroll')) if (each.getAttribute('aria-label') === focused) each.focus();
}
setInterval(() => refresh().catch(() => undefined), EVERY_MS);
`;

/** To the byte what the policy below has the hashes of. */
export const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);
export const SCRIPT_ELEMENT = new Html(`<script>${SCRIPT}</script>`);

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing from elsewhere, nothing that is not in the page itself, and no other page around it. */
export const SECURITY_POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(STYLE)}`,
  `script-src ${hashOf(SCRIPT)}`,
  "connect-src 'self'",
  'img-src data:', // the empty icon, so that none is asked for
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
