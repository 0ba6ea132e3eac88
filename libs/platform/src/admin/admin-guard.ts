import { isIP } from 'node:net';

/** Ends of names that no public name server answers for. */
const INSIDE = ['.localhost', '.svc', '.svc.cluster.local'];

/** For somebody who asks by another name, and for a program that sent more than a question. */
const ADMIN_TEXTS = {
  name: 'This port answers to addresses and inside names; ADMIN_NAMES adds others.\n',
  method: 'This port only answers questions: GET.\n',
} as const;

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Nothing that is answered here is for pages of others, for caches, or to be taken for something else than it is. */
export const ADMIN_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The status of a refusal and its text, or null. `host` is the header of that name; `names` are those of ADMIN_NAMES. */
export function adminRefusal(
  method: string,
  host: string | undefined,
  names: readonly string[],
): { readonly status: number; readonly text: string } | null {
  if (!isOurName(host ?? '', names)) return { status: 421, text: ADMIN_TEXTS.name };
  return METHODS.has(method) ? null : { status: 405, text: ADMIN_TEXTS.method };
}

/**
 * A page of a stranger, open in the operator's browser, can have its own name lead to this port and then read what it
 * answers. Its name is one that a public name server knows; an address or a name without a dot is none.
 */
function isOurName(host: string, names: readonly string[]): boolean {
  const name = host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
  if (name === '') return false;
  return isIP(name) !== 0 || !name.includes('.') || INSIDE.some((end) => name.endsWith(end)) || names.includes(name);
}
