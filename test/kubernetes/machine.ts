import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { docker, run } from '../containers/engine.js';
import { rememberKernelSettings } from './kernel-settings.js';
import { kubernetesChains, removeKubernetesChains } from './packet-rules.js';

/** On every container that a kubelet makes. */
const POD_CONTAINER = 'io.kubernetes.pod.uid';
/** The kubelet writes there whatever its own folder is: logs, and sockets of devices. */
const ELSEWHERE = ['/var/log/pods', '/var/log/containers', '/var/lib/kubelet'];

/** How the container engine reaches the machine, and pods each other. */
export interface Bridge {
  /** Of the machine, for its containers. */
  readonly gateway: string;
  readonly subnet: string;
}

export async function bridgeOfEngine(): Promise<Bridge> {
  const format = '{{range .IPAM.Config}}{{.Gateway}} {{.Subnet}}{{end}}';
  const [gateway = '', subnet = ''] = (await docker(['network', 'inspect', 'bridge', '--format', format])).split(' ');
  if (gateway === '' || subnet === '') throw new Error('the engine has no network "bridge" with a gateway');
  return { gateway, subnet };
}

/**
 * Everything that a kubelet and kube-proxy leave outside their own folder, and a way to remove it. Throws on a machine
 * that is part of a cluster already: what belongs to whom could not be told.
 */
export async function lendMachine(folder: string): Promise<() => Promise<void>> {
  const containers = await podContainers();
  const chains = await kubernetesChains();
  if (containers.length > 0 || chains.length > 0) {
    throw new Error(
      `this machine runs pods, or did: ${containers.length} containers have the label ${POD_CONTAINER}, and the packet filter has ${chains.length} chains KUBE-…; remove what is of no use any more`,
    );
  }
  const restoreKernel = await rememberKernelSettings();
  const before = await Promise.all(ELSEWHERE.map(async (path) => new Set(await entriesOf(path))));
  return async () => {
    const left = await podContainers();
    if (left.length > 0) await docker(['rm', '--force', '--volumes', ...left]);
    await unmountBelow(folder);
    await removeKubernetesChains();
    await restoreKernel();
    for (const [index, path] of ELSEWHERE.entries()) {
      const added = (await entriesOf(path)).filter((entry) => before[index]?.has(entry) !== true);
      for (const entry of added) await rm(join(path, entry), { recursive: true });
    }
    await rm(folder, { recursive: true, force: true });
  };
}

const podContainers = async (): Promise<string[]> =>
  (await docker(['ps', '--all', '--quiet', '--filter', `label=${POD_CONTAINER}`])).split('\n').filter(Boolean);

const entriesOf = (path: string): Promise<string[]> => readdir(path).catch(() => []);

/** The last mounted first; the kubelet mounts its folder upon itself too. Throws when one stays: what is below it would be removed with the folder. */
async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '');
  for (const mount of mounts.filter((path) => `${path}/`.startsWith(`${folder}/`)).reverse()) {
    const { code, stderr } = await run('umount', [mount]);
    if (code !== 0) throw new Error(`umount ${mount}: ${stderr.trim()}`);
  }
}
