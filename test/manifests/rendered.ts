import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findKubectl, kubectl } from './kubectl.js';
import { Manifests } from './manifests.js';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Folders of k8s that somebody may apply. */
export const FOLDERS = ['overlays/single-node', 'overlays/ha', 'examples/my-node', 'examples/external-redis'] as const;
export type Folder = (typeof FOLDERS)[number];

export type Rendered = Readonly<Record<Folder, Manifests>>;

/** All folders, or a sentence on why they cannot be rendered here. */
export async function renderAll(): Promise<Rendered | { missing: string }> {
  const found = await findKubectl();
  if ('missing' in found) return found;
  const each = FOLDERS.map(async (folder) => {
    const text = await kubectl(found.path, ['kustomize', join(ROOT, 'k8s', folder)]);
    return [folder, Manifests.parse(text)] as const;
  });
  return Object.fromEntries(await Promise.all(each)) as Rendered;
}
