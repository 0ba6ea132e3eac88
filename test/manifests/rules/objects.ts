import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IVolume } from 'kubernetes-models/v1/Volume';
import { containersOf, nameOf, type Manifests, type Workload } from '../manifests.js';

type Source = 'Secret' | 'ConfigMap';

/** What whoever runs the node makes, as docs/operators/kubernetes.md says: objects and their keys. */
export const GIVEN: Readonly<Record<Source, Readonly<Record<string, readonly string[]>>>> = {
  Secret: { 'starling-node': ['node.key', 'nats-password', 'redis-password'] },
  ConfigMap: { 'starling-network': ['network.json'] },
};

/** Volumes, mounts, and keys of Secrets and ConfigMaps that are not there, or that nobody uses. */
export function objectProblems(manifests: Manifests): string[] {
  return [
    ...manifests
      .workloads()
      .flatMap((workload) =>
        [...volumeProblems(manifests, workload), ...keyProblems(manifests, workload)].map(
          (problem) => `${workload.name}: ${problem}`,
        ),
      ),
    ...unusedMaps(manifests),
  ];
}

function volumeProblems(manifests: Manifests, workload: Workload): string[] {
  const volumes = workload.pod.volumes ?? [];
  const names = [...volumes.map(({ name }) => name), ...workload.claims];
  const mounted = containersOf(workload).flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
  const claims = volumes.flatMap(({ persistentVolumeClaim: claim }) => (claim === undefined ? [] : [claim.claimName]));
  const made = manifests.of('PersistentVolumeClaim').map(nameOf);
  return [
    ...mounted.filter((name) => !names.includes(name)).map((name) => `mounts ${name}, which is no volume`),
    ...names.filter((name) => !mounted.includes(name)).map((name) => `has the volume ${name} for nothing`),
    ...claims.filter((name) => !made.includes(name)).map((name) => `there is no PersistentVolumeClaim ${name}`),
  ];
}

/** One key of an object, or all of them. */
interface Use {
  readonly source: Source;
  readonly object: string;
  readonly key?: string | undefined;
}

const keyProblems = (manifests: Manifests, workload: Workload): string[] =>
  usesOf(workload)
    .filter((use) => !isThere(manifests, use))
    .map(
      ({ source, object, key }) => `there is no ${source} ${object}${key === undefined ? '' : ` with the key ${key}`}`,
    );

const usesOf = (workload: Workload): Use[] => [
  ...(workload.pod.volumes ?? []).flatMap(usesOfVolume),
  ...containersOf(workload).flatMap(usesOfContainer),
];

function usesOfVolume({ secret, configMap }: IVolume): Use[] {
  const source: Source = secret === undefined ? 'ConfigMap' : 'Secret';
  const object = secret?.secretName ?? configMap?.name;
  const items = secret?.items ?? configMap?.items ?? [{ key: undefined }];
  return object === undefined ? [] : items.map(({ key }) => ({ source, object, key }));
}

function usesOfContainer({ env = [], envFrom = [] }: IContainer): Use[] {
  const uses: Use[] = [];
  const add = (source: Source, reference: { name?: string; key?: string } | undefined): void => {
    if (reference !== undefined) uses.push({ source, object: reference.name ?? '', key: reference.key });
  };
  for (const { configMapRef, secretRef } of envFrom) {
    add('ConfigMap', configMapRef);
    add('Secret', secretRef);
  }
  for (const { valueFrom: { configMapKeyRef, secretKeyRef } = {} } of env) {
    add('ConfigMap', configMapKeyRef);
    add('Secret', secretKeyRef);
  }
  return uses;
}

function isThere(manifests: Manifests, { source, object, key }: Use): boolean {
  const made = source === 'ConfigMap' ? manifests.of('ConfigMap').find((map) => nameOf(map) === object) : undefined;
  const keys = made === undefined ? GIVEN[source][object] : Object.keys(made.data ?? {});
  return keys !== undefined && (key === undefined || keys.includes(key));
}

/** A ConfigMap that no pod reads was meant for one. */
function unusedMaps(manifests: Manifests): string[] {
  const used = manifests.workloads().flatMap((workload) => usesOf(workload).map(({ object }) => object));
  const maps = manifests.of('ConfigMap').map(nameOf);
  return maps.filter((name) => !used.includes(name)).map((name) => `ConfigMap ${name} is read by nobody`);
}
