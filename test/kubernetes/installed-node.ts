import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { randomBytes } from 'node:crypto';
import { stringify } from 'yaml';
import { VERSION } from '../containers/engine.js';
import { for120 } from '../manifests/for-1-20.js';
import { kubectl } from '../manifests/kubectl.js';
import { Manifests, nameOf } from '../manifests/manifests.js';
import { ROOT } from '../manifests/rendered.js';
import type { Cluster } from './cluster.js';
import { HTTPS_PORT, NETWORK, networkOfOne } from './network-of-one.js';
import { MACHINE } from './programs.js';

const NAMESPACE = 'starling';
/** Pods of a whole node start at a time on two busy cores, and Kubernetes waits ever longer between two tries. */
const ROLLOUT_S = 240;
/** A relay pauses for 15 s and drains for up to 30 before it ends. */
const GONE_S = 90;
const PASSWORD_BYTES = 24;

export type WorkloadName = 'relay' | 'storage' | 'swarm-manager' | 'nats' | 'redis';

/** A node of the network as an operator installs it by docs/operators/kubernetes.md, with an overlay of his own. */
export class InstalledNode {
  /** At the address of the balancer. */
  readonly url: string;

  private constructor(
    private readonly cluster: Cluster,
    private readonly manifests: Manifests,
  ) {
    this.url = `https://${cluster.address}:${HTTPS_PORT}`;
  }

  /** `replicas` are of Deployments, besides what the overlay says. */
  static async install(
    cluster: Cluster,
    kubectlPath: string,
    overlay: 'single-node' | 'ha',
    replicas: Readonly<Partial<Record<WorkloadName, number>>> = {},
  ): Promise<InstalledNode> {
    const folder = join(cluster.folder, `${overlay}-node`);
    await mkdir(folder);
    const { key, list, admin } = networkOfOne(cluster.address);
    await writeFile(join(folder, 'node.key'), key);
    await writeFile(join(folder, 'network.json'), list);
    // All clients of this test come from one address.
    const settings = { SWARM_MANAGER_NETWORK: NETWORK, SWARM_MANAGER_ADMINS: admin, RELAY_RPC_PER_SECOND: '0' };
    await writeFile(
      join(folder, 'node.env'),
      Object.entries(settings)
        .map((line) => `${line.join('=')}\n`)
        .join(''),
    );
    const counts = Object.entries(replicas).map(([name, count]) => ({ name, count }));
    await writeFile(join(folder, 'kustomization.yaml'), stringify(kustomization(folder, overlay, counts)));
    const node = new InstalledNode(cluster, for120(Manifests.parse(await kubectl(kubectlPath, ['kustomize', folder]))));
    await node.#create(folder);
    return node;
  }

  workloads(): WorkloadName[] {
    return this.manifests.workloads().map(({ name }) => name as WorkloadName);
  }

  kubectl(args: readonly string[], waitS?: number): Promise<string> {
    return this.cluster.kubectl(['--namespace', NAMESPACE, ...args], waitS);
  }

  /** Until each pod is ready. Throws with what the cluster says of the pods when that takes too long. */
  async rolledOut(names: readonly WorkloadName[] = this.workloads()): Promise<void> {
    try {
      for (const name of names) {
        await this.kubectl(['rollout', 'status', this.#title(name), `--timeout=${ROLLOUT_S}s`], ROLLOUT_S);
      }
    } catch (cause) {
      const pods = await this.kubectl(['get', 'pods', '-o', 'wide']);
      const events = await this.kubectl(['get', 'events', '--sort-by=.lastTimestamp']);
      throw new Error(`not ready: ${String(cause)}\n${pods}\n${events.slice(-4_000)}`, { cause });
    }
  }

  /** Replaces every pod, as an upgrade does, and waits until the old ones are gone too. */
  async restart(name: WorkloadName): Promise<void> {
    const before = await this.podsOf(name);
    await this.kubectl(['rollout', 'restart', this.#title(name)]);
    await this.rolledOut([name]);
    // Pods of a StatefulSet have the same names afterwards.
    const gone = this.#title(name).startsWith('statefulset/') ? [] : before;
    for (const pod of gone) await this.kubectl(['wait', '--for=delete', `pod/${pod}`, `--timeout=${GONE_S}s`], GONE_S);
  }

  async podsOf(name: WorkloadName): Promise<string[]> {
    const selector = `app.kubernetes.io/name=${name}`;
    return (await this.kubectl(['get', 'pods', '-l', selector, '-o', 'jsonpath={.items[*].metadata.name}']))
      .split(' ')
      .filter(Boolean);
  }

  async remove(): Promise<void> {
    await this.cluster.kubectl(['delete', 'namespace', NAMESPACE, `--timeout=${GONE_S}s`], GONE_S);
    await this.cluster.kubectl(['delete', 'persistentvolumes', '--all', `--timeout=${GONE_S}s`], GONE_S);
  }

  async #create(folder: string): Promise<void> {
    await this.cluster.apply(this.manifests.of('Namespace'));
    const passwords = ['nats', 'redis'].map((server) => {
      return `--from-literal=${server}-password=${randomBytes(PASSWORD_BYTES).toString('hex')}`;
    });
    const key = `--from-file=${join(folder, 'node.key')}`;
    await this.kubectl(['create', 'secret', 'generic', 'starling-node', key, ...passwords]);
    await this.kubectl(['create', 'configmap', 'starling-network', `--from-file=${join(folder, 'network.json')}`]);
    await this.cluster.apply(await this.#volumes(folder));
    await this.cluster.apply(this.manifests.objects);
    // What a balancer does that got this address from its provider.
    const status = { status: { loadBalancer: { ingress: [{ ip: this.cluster.address }] } } };
    await this.kubectl([
      'patch',
      'service',
      'relay',
      '--subresource=status',
      '--type=merge',
      '-p',
      JSON.stringify(status),
    ]);
  }

  /** A folder of this machine for each claim: nothing here makes volumes by itself. */
  async #volumes(folder: string): Promise<object[]> {
    const claims = [...this.manifests.of('PersistentVolumeClaim').map(nameOf), 'data-redis-0'];
    const paths = claims.map((claim) => join(folder, 'volumes', claim));
    for (const path of paths) await mkdir(path, { recursive: true });
    return claims.map((claim, index) => volumeFor(claim, paths[index] ?? ''));
  }

  #title(name: WorkloadName): string {
    return `${this.manifests.workload(name).kind.toLowerCase()}/${name}`;
  }
}

const kustomization = (folder: string, overlay: string, replicas: readonly object[]): object => ({
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  namespace: NAMESPACE,
  resources: [relative(folder, join(ROOT, 'k8s/overlays', overlay))],
  replicas,
  configMapGenerator: [{ name: 'starling-settings', behavior: 'merge', envs: ['node.env'] }],
  images: [{ name: 'starling', newTag: VERSION }],
});

const volumeFor = (claim: string, path: string): object => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: claim },
  spec: {
    accessModes: ['ReadWriteOnce'],
    capacity: { storage: '20Gi' },
    claimRef: { namespace: NAMESPACE, name: claim },
    persistentVolumeReclaimPolicy: 'Retain',
    local: { path },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [MACHINE] }] },
        ],
      },
    },
  },
});
