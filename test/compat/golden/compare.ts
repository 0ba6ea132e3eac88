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
  /** Under which docs/protocol/storage-rpc.md, "Decisions", has it. */
  readonly id: string;
  readonly why: string;
  matches(pattern: string, recorded: unknown, ours: unknown): boolean;
}

/** What differs between a recorded answer and ours. */
export class Findings {
  /** A sentence for each difference that nobody intended. */
  readonly unexplained: string[] = [];
  /** Ids of the intended differences that were met. */
  readonly intended = new Set<string>();

  constructor(private readonly rules: readonly Intended[]) {}

  /** Notes a difference when the two are not the same. */
  check(what: string, recorded: unknown, ours: unknown): void {
    if (recorded !== ours) this.unexplained.push(`${what}: recorded ${String(recorded)}, ours ${String(ours)}`);
  }

  /** Compares two JSON documents leaf by leaf. Places in `vary` must exist on both sides, with values of one type. */
  compare(recorded: unknown, ours: unknown, vary: readonly string[]): void {
    const there = new Map(leaves(recorded).map((leaf) => [leaf.path, leaf]));
    const here = new Map(leaves(ours).map((leaf) => [leaf.path, leaf]));
    for (const path of new Set([...there.keys(), ...here.keys()])) {
      this.#compareLeaf(path, there.get(path), here.get(path), vary);
    }
  }

  #compareLeaf(path: string, a: Leaf | undefined, b: Leaf | undefined, vary: readonly string[]): void {
    const pattern = (a ?? b)?.pattern ?? '';
    if (a !== undefined && b !== undefined) {
      if (Object.is(a.value, b.value) || areBothEmpty(a.value, b.value)) return;
      if (vary.includes(pattern) && typeof a.value === typeof b.value) return;
    }
    const rule = this.rules.find((each) => each.matches(pattern, a?.value, b?.value));
    if (rule !== undefined) this.intended.add(rule.id);
    else this.unexplained.push(`${path}: recorded ${shown(a)}, ours ${shown(b)}`);
  }
}

const shown = (leaf: Leaf | undefined): string => (leaf === undefined ? 'nothing' : JSON.stringify(leaf.value));
