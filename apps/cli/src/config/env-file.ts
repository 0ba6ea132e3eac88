import { ConfigurationProblem } from '../problems.js';

/** `NAME=value`, as shells and container engines write it. */
const ASSIGNMENT = /^(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/;
/** A whole value in quotes of one kind, perhaps with a comment behind it. */
const QUOTED = /^(["'])(.*)\1(?:\s+#.*)?$/;
const COMMENT = /(^|\s+)#.*$/;

/**
 * The variables of an env file: one `NAME=value` a line; `#` begins a comment, at the beginning of a line or after white
 * space; nothing is replaced inside values. `where` names the file. Throws ConfigurationProblem with the number of the
 * line, and without its text, which may be a secret.
 */
export function parseEnvFile(text: string, where: string): Record<string, string> {
  const values = new Map<string, string>();
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, name = '', written = ''] = ASSIGNMENT.exec(line) ?? [];
    if (name === '') throw new ConfigurationProblem(`${where}: line ${index + 1} is no NAME=value; correct it.`);
    if (values.has(name)) {
      throw new ConfigurationProblem(`${where}: line ${index + 1} gives ${name} a second time; keep one of them.`);
    }
    values.set(name, valueOf(written, `${where}: line ${index + 1}`));
  }
  return Object.fromEntries(values);
}

function valueOf(written: string, where: string): string {
  const [, quote, inside = ''] = QUOTED.exec(written) ?? [];
  if (quote !== undefined && !inside.includes(quote)) return inside;
  if (/^["']/.test(written)) throw new ConfigurationProblem(`${where} has a quote that does not end; correct it.`);
  return written.replace(COMMENT, '');
}
