import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { alerts } from '../../monitoring/rule-file.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FOLDER = 'docs/operators/alerts';
const HEADINGS = ['What it means', 'How to see it', 'What to do'];

const read = (path: string): string => readFileSync(`${ROOT}/${path}`, 'utf8');
const kebab = (name: string): string => name.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase();

describe('pages of alerts', () => {
  it.each(alerts())('$name has its page, with what it means, how to see it and what to do', ({ name, runbook }) => {
    expect(runbook).toBe(`${FOLDER}/${kebab(name)}.md`);
    const page = read(runbook ?? '');
    expect(page.split('\n', 1)).toEqual([`# ${name}`]);
    const parts = page.split(/^## /m).slice(1);
    expect(parts.map((part) => part.split('\n', 1).join(''))).toEqual(HEADINGS);
    for (const part of parts) expect(part.split('\n').slice(1).join('').length).toBeGreaterThan(0);
  });

  it('are of alerts that there are', () => {
    expect(readdirSync(`${ROOT}/${FOLDER}`).sort()).toEqual(
      alerts()
        .map(({ runbook }) => basename(runbook ?? ''))
        .sort(),
    );
  });

  it('are all linked from the page on monitoring, once each', () => {
    const links = [...read('docs/operators/monitoring.md').matchAll(/\[(\w+)\]\((alerts\/[^)]+)\)/g)];
    expect(links.map(([, name, path]) => [name, `docs/operators/${path}`])).toEqual(
      alerts().map(({ name, runbook }) => [name, runbook]),
    );
  });
});
