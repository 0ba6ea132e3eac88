import type { NamespaceScope } from '#protocol';
import type { MessageName } from './mailboxes.js';

export const sortedHashes = (names: readonly MessageName[]): string[] => names.map(({ hash }) => hash).sort();

/** Hashes as the network lists them: a sorted list for one namespace, one such list a namespace for all. */
export function byScope(
  scope: NamespaceScope,
  names: readonly MessageName[],
): readonly string[] | Readonly<Record<string, readonly string[]>> {
  if (scope !== 'all') return sortedHashes(names);
  const namespaces = new Set(names.map(({ namespace }) => namespace));
  const lists = [...namespaces].map((each) => {
    return [each.toString(), sortedHashes(names.filter(({ namespace }) => namespace === each))] as const;
  });
  return Object.fromEntries(lists);
}
