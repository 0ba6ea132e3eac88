import { run } from '../containers/engine.js';

const TOOLS = ['iptables', 'ip6tables'];
const TABLES = ['filter', 'nat', 'mangle'];
/** Every chain that a kubelet or kube-proxy makes is called so. */
const OF_KUBERNETES = 'KUBE-';

/** Chains of Kubernetes in the kernel's packet filter: none on a machine that is part of no cluster. */
export async function kubernetesChains(): Promise<string[]> {
  const found = await Promise.all(tables().map(async (table) => chainsIn(await rulesOf(table))));
  return found.flat();
}

/** `kube-proxy --cleanup` leaves some: canaries, and those of the kubelet. */
export async function removeKubernetesChains(): Promise<void> {
  for (const table of tables()) {
    const rules = await rulesOf(table);
    const leading = rules.filter((rule) => rule.startsWith('-A ') && rule.includes(`-j ${OF_KUBERNETES}`));
    for (const rule of leading) await change(table, ['-D', ...wordsOf(rule).slice(1)]);
    const chains = chainsIn(rules);
    for (const chain of chains) await change(table, ['-F', chain]);
    for (const chain of chains) await change(table, ['-X', chain]);
  }
}

interface Table {
  readonly tool: string;
  readonly name: string;
}

const tables = (): Table[] => TOOLS.flatMap((tool) => TABLES.map((name) => ({ tool, name })));

/** None where the machine has no such tool, or its kernel no such table: then nobody made chains there. */
async function rulesOf({ tool, name }: Table): Promise<string[]> {
  const { code, stdout } = await run(`${tool}-save`, ['-t', name]);
  return code === 0 ? stdout.split('\n') : [];
}

const chainsIn = (rules: readonly string[]): string[] =>
  rules.filter((rule) => rule.startsWith(`:${OF_KUBERNETES}`)).map((rule) => rule.slice(1).split(' ', 1).join(''));

async function change({ tool, name }: Table, args: readonly string[]): Promise<void> {
  const { code, stderr } = await run(tool, ['-w', '-t', name, ...args]);
  if (code !== 0) throw new Error(`${tool} -t ${name} ${args.join(' ')}: ${stderr.trim()}`);
}

/** A comment stands in quotes. */
const wordsOf = (rule: string): string[] =>
  [...rule.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
