/** One place in a JSON document: where it is, the same with node keys and indexes generalised, and what is there. */
interface Leaf {
  readonly path: string;
  readonly pattern: string;
  readonly value: unknown;
}

const isNodeKey = (key: string): boolean => /^[0-9a-f]{64}$/.test(key);

function leaves(value: unknown, path = '', pattern = ''): Leaf[] {
  const below = (key: string, general: string, child: unknown): Leaf[] => {
    const dot = path === '' ? '' : '.';
    return leaves(child, `${path}${dot}${key}`, `${pattern}${dot}${general}`);
  };
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((child, index) => leaves(child, `${path}[${index}]`, `${pattern}[]`));
  }
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, child]) => below(key, isNodeKey(key) ? '*' : key, child));
  }
  return [{ path, pattern, value }];
}

/** Two empty lists or two empty objects: everything else with contents has leaves of its own. */
const areBothEmpty = (a: unknown, b: unknown): boolean =>
  typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b);

/** A difference that we intend: the pattern of the place, and what the reference has there and we have instead. */
export interface Intended {
  readonly id: string;
  readonly why: string;
  matches(pattern: string, recorded: unknown, ours: unknown): boolean;
}

/**
 * Compares two JSON documents leaf by leaf. Places in `vary` must exist on both sides, with values of one type.
 * Returns a sentence per unexplained difference.
 */
export function differences(
  recorded: unknown,
  ours: unknown,
  vary: readonly string[],
  intended: readonly Intended[] = [],
): string[] {
  const there = new Map(leaves(recorded).map((leaf) => [leaf.path, leaf]));
  const here = new Map(leaves(ours).map((leaf) => [leaf.path, leaf]));
  const found: string[] = [];
  for (const path of new Set([...there.keys(), ...here.keys()])) {
    const a = there.get(path);
    const b = here.get(path);
    const pattern = (a ?? b)?.pattern ?? '';
    if (a !== undefined && b !== undefined) {
      if (Object.is(a.value, b.value) || areBothEmpty(a.value, b.value)) continue;
      if (vary.includes(pattern) && typeof a.value === typeof b.value) continue;
    }
    if (intended.some((rule) => rule.matches(pattern, a?.value, b?.value))) continue;
    const shown = (leaf: Leaf | undefined): string => (leaf === undefined ? 'nothing' : JSON.stringify(leaf.value));
    found.push(`${path}: recorded ${shown(a)}, ours ${shown(b)}`);
  }
  return found;
}
