import { loadSeedFile } from '#platform';
import { NodeKey, noblePrimitives } from '#protocol';

/** The key in a file, read by the same rules as the services read theirs. Throws KeyFileError. */
export function readKeyFile(path: string): NodeKey {
  return NodeKey.fromSeed(loadSeedFile(path, path), noblePrimitives);
}
