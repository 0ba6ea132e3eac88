/** Attributes of an element; numbers are cut to tenths of a pixel, which nobody sees. */
export type Attributes = Readonly<Record<string, string | number>>;

/** An element as text. Children are text of `element` or `words`. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : escape(value)}"`,
  );
  const start = `<${name}${written.join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`;
}

/** A line of words that ends at its place when `anchor` says so. */
export const words = (text: string, x: number, y: number, attributes: Attributes = {}): string =>
  element('text', { x, y, ...attributes }, escape(text));

/** A number in a path or an attribute. */
export const short = (value: number): string => String(Math.round(value * 10) / 10);

export const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign);

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Of the fonts that are likely; wide enough for each of them. */
const WIDTH_OF_A_LETTER = 0.58;

/** About how wide a text is. There is no font to ask. */
export const widthOf = (text: string, fontSize: number): number => text.length * fontSize * WIDTH_OF_A_LETTER;
