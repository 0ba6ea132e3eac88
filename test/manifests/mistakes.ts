import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import type { Manifests } from './manifests.js';

/** A mistake that somebody could make, and the words in which it is told. */
export interface Mistake {
  readonly what: string;
  readonly make: (manifests: Manifests) => void;
  readonly told: RegExp;
}

export const podOf = (manifests: Manifests, name: string): IPodSpec => manifests.workload(name).pod;

export function containerOf(manifests: Manifests, name: string): IContainer {
  const [container] = podOf(manifests, name).containers;
  if (container === undefined) throw new Error(`${name} has no container`);
  return container;
}

/** Objects are data from a file here, whatever their types say. Throws when the object is not there. */
export function set(target: object | undefined, values: Readonly<Record<string, unknown>>): void {
  if (target === undefined) throw new Error('there is nothing to change');
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) Reflect.deleteProperty(target, name);
    else Reflect.set(target, name, value);
  }
}

export function settingsOf(manifests: Manifests): Record<string, string> {
  const map = manifests.of('ConfigMap').find(({ metadata }) => metadata?.name?.startsWith('starling-settings'));
  if (map?.data === undefined) throw new Error('there are no settings');
  return map.data;
}
