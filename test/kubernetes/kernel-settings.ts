import { readFile, writeFile } from 'node:fs/promises';

/** What a kubelet and kube-proxy set without asking. Not every kernel has all of them. */
const SET_BY_KUBERNETES = [
  'kernel/keys/root_maxbytes',
  'kernel/keys/root_maxkeys',
  'kernel/panic',
  'kernel/panic_on_oops',
  'net/bridge/bridge-nf-call-iptables',
  'net/ipv4/conf/all/route_localnet',
  'net/ipv4/ip_forward',
  'vm/overcommit_memory',
  'vm/panic_on_oom',
];

/** Remembers them as they are, and gives a way back. */
export async function rememberKernelSettings(): Promise<() => Promise<void>> {
  const before = await Promise.all(SET_BY_KUBERNETES.map(async (name) => [name, await valueOf(name)] as const));
  return async () => {
    for (const [name, value] of before) {
      if (value !== null && (await valueOf(name)) !== value) await writeFile(fileOf(name), value);
    }
  };
}

const fileOf = (name: string): string => `/proc/sys/${name}`;

/** Null where the kernel has no such setting. */
const valueOf = (name: string): Promise<string | null> => readFile(fileOf(name), 'utf8').catch(() => null);
