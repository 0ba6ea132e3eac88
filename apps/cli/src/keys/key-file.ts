import { loadSeedFile } from '#platform';
import { NodeKey, noblePrimitives } from '#protocol';

/** The key in a file, read by the same rules as the services read theirs. Throws KeyFileError. */
export async function readKeyFile(path: string): Promise<NodeKey> {
  return NodeKey.fromSeed(await loadSeedFile(path), noblePrimitives);
}
