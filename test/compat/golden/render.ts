import type { GoldenExchange, GoldenSetup } from './transcript.js';
import { sign } from './sign.js';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Values of the time variables for a request made at `nowMs`. */
const variables = (exchange: GoldenExchange, nowMs: number): Record<string, number> =>
  Object.fromEntries(Object.entries(exchange.vars ?? {}).map(([name, offset]) => [name, nowMs + offset]));

const substitute = (text: string, vars: Readonly<Record<string, number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in vars ? String(vars[name]) : whole));

/** Builds the JSON of a fresh, validly signed request from a recorded template (placeholders: test/vectors/README.md). */
export function renderTemplate(template: unknown, exchange: GoldenExchange, setup: GoldenSetup, nowMs: number): Json {
  const vars = variables(exchange, nowMs);
  const variable = (name: unknown): number => {
    const value = vars[String(name)];
    if (value === undefined) throw new Error(`${exchange.id}: no variable ${String(name)}`);
    return value;
  };
  const seedOf = (account: unknown): string => {
    const found = setup.accounts[String(account)];
    if (found === undefined) throw new Error(`${exchange.id}: no account ${String(account)}`);
    return found.ed25519_seed;
  };

  const render = (node: unknown): Json => {
    if (Array.isArray(node)) return node.map(render);
    if (typeof node !== 'object' || node === null) return node as Json;
    const item = node as Record<string, unknown>;
    if ('$v' in item) return variable(item.$v);
    if ('$vs' in item) return String(variable(item.$vs));
    if (Array.isArray(item.$sign)) {
      const [account, text] = item.$sign as [string, string];
      const signature = sign(seedOf(account), Buffer.from(substitute(text, vars), 'utf8')).toString('base64');
      return item.nopad === true ? signature.replace(/=+$/, '') : signature;
    }
    if (Array.isArray(item.$signtokens)) {
      const [account, method, ts, tokens] = item.$signtokens as [string, string, string, string[]];
      const signed = Buffer.concat([
        Buffer.from(method + substitute(ts, vars), 'utf8'),
        ...tokens.map((token) => Buffer.from(token, 'hex')),
      ]);
      return sign(seedOf(account), signed).toString('base64');
    }
    if (Array.isArray(item.$b64fill)) {
      const [byte, count] = item.$b64fill as [number, number];
      return Buffer.alloc(count, byte).toString('base64');
    }
    if (Array.isArray(item.$repeat)) {
      const [char, count] = item.$repeat as [string, number];
      return char.repeat(count);
    }
    return Object.fromEntries(Object.entries(item).map(([key, value]) => [key, render(value)]));
  };
  return render(template);
}
