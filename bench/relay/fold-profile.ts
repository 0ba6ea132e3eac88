/** What `--cpu-prof` writes, as far as it is needed. Times in microseconds. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface BudgetLine {
  readonly line: string;
  /** Of all the time in which the process did something. */
  readonly share: number;
  /** Functions with most of it. */
  readonly busiest: readonly string[];
}

type Node = CpuProfile['nodes'][number];

interface Rule {
  readonly line: string;
  /** Matched with `function url`, from where the time was spent up to who asked for it. */
  readonly match: RegExp;
}

/** The first line that matches a frame takes its time; frames that match none are their caller's. */
const RULES: readonly Rule[] = [
  { line: 'garbage collector', match: /^\(garbage collector\)/ },
  { line: 'socket writes with TLS', match: /^(writev|writeBuffer|write(Utf8|Latin1|Ascii)String|shutdown) / },
  { line: 'reads, TLS and loop outside of JavaScript', match: /^\(program\)/ },
  { line: 'X25519', match: /sodium-native|diffiehellman/i },
  { line: 'AES-GCM and HMAC', match: /node:internal\/crypto|openssl-symmetric/ },
  { line: 'metrics', match: /prom-client|relay\.metrics/ },
  { line: 'JSON, hex and frames', match: /libs\/protocol/ },
  { line: 'peer send and answer', match: /undici|wasm:|libs\/transport/ },
  { line: 'listener and answer', match: /apps\/relay\/(src\/)?listener/ },
  { line: 'onion steps', match: /apps\/relay/ },
  { line: 'HTTP server', match: /node:_http|node:net|node:_tls_wrap|stream_base_commons|internal\/streams/ },
];
const REST = 'timers, promises and the rest';
const IDLE = '(idle)';
const BUSIEST = 3;
const US_PER_SECOND = 1e6;
/** The end of a profile is the end of the process. */
const SHUTDOWN_SECONDS = 0.5;

/** Shares of the last `seconds` of a profile before the process ended, the largest first. */
export function foldProfile(profile: CpuProfile, seconds: number): BudgetLine[] {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const lines = new Map<string, Map<string, number>>();
  let total = 0;
  for (const [id, us] of selfTimes(profile, seconds)) {
    const node = nodes.get(id);
    if (node === undefined || node.callFrame.functionName === IDLE) continue;
    const functions = lines.get(lineOf(node, nodes, parents)) ?? new Map<string, number>();
    lines.set(lineOf(node, nodes, parents), functions);
    functions.set(nameOf(node), (functions.get(nameOf(node)) ?? 0) + us);
    total += us;
  }
  const sumOf = (functions: ReadonlyMap<string, number>): number => [...functions.values()].reduce((a, b) => a + b, 0);
  return [...lines]
    .map(([line, functions]) => ({
      line,
      share: sumOf(functions) / total,
      busiest: [...functions]
        .sort(([, a], [, b]) => b - a)
        .slice(0, BUSIEST)
        .map(([name]) => name),
    }))
    .sort((a, b) => b.share - a.share);
}

function selfTimes({ samples, timeDeltas }: CpuProfile, seconds: number): Map<number, number> {
  const end = timeDeltas.reduce((sum, us) => sum + us, 0) - SHUTDOWN_SECONDS * US_PER_SECOND;
  const times = new Map<number, number>();
  let at = 0;
  samples.forEach((id, index) => {
    const us = timeDeltas[index] ?? 0;
    at += us;
    if (at > end - seconds * US_PER_SECOND && at <= end) times.set(id, (times.get(id) ?? 0) + us);
  });
  return times;
}

function lineOf(leaf: Node, nodes: ReadonlyMap<number, Node>, parents: ReadonlyMap<number, number>): string {
  for (let node: Node | undefined = leaf; node !== undefined; node = nodes.get(parents.get(node.id) ?? -1)) {
    const frame = `${node.callFrame.functionName} ${node.callFrame.url}`;
    const rule = RULES.find(({ match }) => match.test(frame));
    if (rule !== undefined) return rule.line;
  }
  return REST;
}

const nameOf = ({ callFrame: { functionName, url } }: Node): string =>
  functionName || (url.split('/').at(-1) ?? 'anonymous');
