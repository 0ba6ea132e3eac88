import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { html, Html } from './html.js';

describe('a template of HTML', () => {
  it('lets no value become a tag, an attribute or an entity', () => {
    const nasty = fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', ';') });
    fc.assert(
      fc.property(nasty, (value) => {
        const { text } = html`<i title="${value}">${value}</i>`;
        const inside = /^<i title="([^"<>']*)">([^"<>']*)<\/i>$/.exec(text);
        expect(inside).not.toBeNull();
        for (const part of inside?.slice(1) ?? [])
          expect(part.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
      }),
    );
  });

  it('takes numbers, other templates and lists of them as they are', () => {
    expect(html`<b>${1}${html`<i>${'<'}</i>`}${[new Html('<br>'), html`x`]}</b>`.text).toBe('<b>1<i>&lt;</i><br>x</b>');
  });
});
