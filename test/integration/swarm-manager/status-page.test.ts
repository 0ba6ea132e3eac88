import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { waitUntil } from '#testing';
import { PageController } from '../../../apps/swarm-manager/src/page/page.controller.js';
import { StatusReader } from '../../../apps/swarm-manager/src/status/status-reader.js';
import { adminAdapter } from '../../../libs/platform/src/admin/admin-adapter.js';
import { Chromium, findChromium } from '../../browser/chromium.js';
import { aStatus } from './a-status.js';

const START_TIMEOUT_MS = 90_000;
const TIMEOUT_MS = 60_000;
const REFRESH_TIMEOUT_MS = 30_000;
const chromium = findChromium();
const inBrowser = chromium === null ? it.skip : it;
const prefix = chromium === null ? '(no Chromium here) ' : '';

interface AxNode {
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
}

describe('the status page', () => {
  let app: NestFastifyApplication;
  let url: string;
  let status = aStatus;
  let browser: Chromium | undefined;

  beforeAll(async () => {
    const reader = { provide: StatusReader, useValue: { read: () => status } };
    const module = await Test.createTestingModule({ controllers: [PageController], providers: [reader] }).compile();
    app = module.createNestApplication<NestFastifyApplication>(adminAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    url = `${await app.getUrl()}/`;
    if (chromium !== null) browser = await Chromium.start(chromium);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await browser?.stop();
    await app.close();
  }, START_TIMEOUT_MS);

  /** What the page asked for while it was open, and what the browser has to complain of. */
  async function visit({
    hasScripts,
  }: {
    hasScripts: boolean;
  }): Promise<{ page: Chromium; asked: string[]; said: unknown[] }> {
    if (browser === undefined) throw new Error('no browser');
    const [asked, said]: [string[], unknown[]] = [[], []];
    browser.onEvent((method, params) => {
      if (method === 'Network.requestWillBeSent') asked.push((params.request as { url: string }).url);
      if (method === 'Log.entryAdded' || method === 'Runtime.exceptionThrown') said.push(params);
    });
    await browser.send('Emulation.setScriptExecutionDisabled', { value: !hasScripts });
    await browser.open(url);
    return { page: browser, asked, said };
  }
  const textOf = async (page: Chromium): Promise<string> => String(await page.evaluate('document.body.innerText'));

  it('comes with a policy that lets nothing in from elsewhere, and is not kept', async () => {
    const { headers } = await fetch(url);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; connect-src 'self'; /,
    );
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|https?:|\*/);
  });

  inBrowser(
    `${prefix}says the essentials with scripts switched off`,
    async () => {
      const { page, asked, said } = await visit({ hasScripts: false });
      const { root } = await page.send('DOM.getDocument');
      const { outerHTML } = await page.send('DOM.getOuterHTML', { nodeId: (root as { nodeId: number }).nodeId });
      const text = String(outerHTML)
        .replace(/<style>[^]*?<\/style>|<script>[^]*?<\/script>|<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ');
      for (const words of [
        'Serving the network',
        '2 warnings, 1 critical',
        'Critical: The list says &lt;script&gt;alert("1")&lt;/script&gt; &amp; more.',
        'What to do: ask the administrators.',
        '1 of 3 nodes asked reach it; last tested 4 s ago',
        '3 of 3 nodes asked reach it; not tested yet',
        'off: 2.35 s behind the median of 7 nodes',
        'c3c3c3c3c3c3… 198.51.100.7 ✗ not reached ✓ reached 5003 ms 42 s ago',
        'd4d4d4d4d4d4… 203.0.113.9 not tested not tested not known not yet',
        'Starling 0.1.0, tells the network 2.8.0. Up for 3 d.',
      ]) {
        expect(text).toContain(words);
      }
      expect(asked.filter((each) => each !== 'data:,')).toEqual([url]);
      expect(said).toEqual([]);
    },
    TIMEOUT_MS,
  );

  inBrowser(
    `${prefix}follows the node, asks nobody else, and keeps the focus where it was`,
    async () => {
      const { page, asked, said } = await visit({ hasScripts: true });
      await page.evaluate(`document.querySelector('.scroll').focus()`);
      status = { ...aStatus, serving: false, warnings: [], swarm: aStatus.swarm.slice(0, 2) };
      await waitUntil('the next state', REFRESH_TIMEOUT_MS, async () => {
        expect(await textOf(page)).toContain('Not serving the network');
      });
      const text = await textOf(page);
      status = aStatus;
      expect(text).toContain('Nothing is wrong.');
      expect(text).not.toContain('198.51.100.7');
      expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Members of the swarm');
      expect(new Set(asked.filter((each) => each !== 'data:,'))).toEqual(new Set([url]));
      expect(said).toEqual([]);
    },
    TIMEOUT_MS,
  );

  inBrowser(
    `${prefix}has landmarks, headings in order, and names for all that a screen reader stops at`,
    async () => {
      const { page } = await visit({ hasScripts: true });
      const { nodes } = (await page.send('Accessibility.getFullAXTree')) as unknown as { nodes: readonly AxNode[] };
      const seen = nodes.filter(({ ignored }) => !ignored);
      const named = (role: string): string[] =>
        seen.filter((node) => node.role?.value === role).map(({ name }) => name?.value ?? '');
      expect([named('banner'), named('main'), named('contentinfo')].map(({ length }) => length)).toEqual([1, 1, 1]);
      expect(named('RootWebArea')).toEqual(['Serving – Starling node a1a1a1a1a1a1…']);
      expect(named('heading')).toEqual([
        'Starling node a1a1a1a1a1a1…',
        'Warnings',
        'Standing',
        'Swarm',
        'Traffic of the last hour',
        'As other nodes see this one',
      ]);
      expect(named('image').concat(named('img'))).toEqual([
        expect.stringMatching(/^\d+ requests in the last hour, at most \d+ in a minute$/),
      ]);
      for (const role of ['region', 'columnheader', 'rowheader', 'image', 'link', 'button']) {
        expect(named(role)).not.toContain('');
      }
      expect(named('region')).toEqual(expect.arrayContaining(['Members of the swarm', 'What other nodes say']));
      expect(named('columnheader')).toHaveLength(11);
      expect(named('rowheader')).toHaveLength(9 + 4 + 3);
    },
    TIMEOUT_MS,
  );

  inBrowser(
    `${prefix}fits a telephone, in light and dark, with contrast enough for small text`,
    async () => {
      const { page } = await visit({ hasScripts: true });
      for (const value of ['light', 'dark']) {
        await page.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });
        await page.send('Emulation.setDeviceMetricsOverride', {
          width: 360,
          height: 800,
          deviceScaleFactor: 1,
          mobile: true,
        });
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
        expect(await page.evaluate(LOWEST_CONTRAST)).toBeGreaterThanOrEqual(4.5);
        await page.send('Emulation.setDeviceMetricsOverride', {
          width: 1_000,
          height: 1_300,
          deviceScaleFactor: 1,
          mobile: false,
        });
        const folder = process.env.STARLING_TEST_PICTURES;
        if (folder === undefined) continue;
        const { data } = await page.send('Page.captureScreenshot', { captureBeyondViewport: true });
        await writeFile(`${folder}/status-${value}.png`, Buffer.from(String(data), 'base64'));
      }
    },
    TIMEOUT_MS,
  );
});

/** Of all text of the page, by the formula of WCAG 2. */
const LOWEST_CONTRAST = `(() => {
  const parts = (color) => color.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (color) => parts(color).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const back = light(getComputedStyle(document.body).backgroundColor);
  const contrasts = [...document.querySelectorAll('body *')]
    .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== ''))
    .filter((each) => each.tagName !== 'SCRIPT')
    .map((each) => light(getComputedStyle(each).color))
    .map((text) => (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05));
  return Math.min(...contrasts);
})()`;
