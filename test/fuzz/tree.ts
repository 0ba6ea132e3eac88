/** Written as it stands, in both encodings: whatever it is, it need not be valid. */
export class Raw {
  constructor(readonly text: string) {}
}

/** Members in order; a name may occur more than once. */
export class Dict {
  constructor(readonly members: readonly (readonly [string, Tree])[]) {}

  static of(members: Readonly<Record<string, Tree | undefined>>): Dict {
    return new Dict(Object.entries(members).filter((entry): entry is [string, Tree] => entry[1] !== undefined));
  }
}

/** A request as a tree that can be taken apart. Bytes are base64 in JSON and raw in bencode. */
export type Tree = null | boolean | number | bigint | string | Uint8Array | Raw | readonly Tree[] | Dict;

export function toJson(tree: Tree): string {
  if (tree instanceof Raw) return tree.text;
  if (tree instanceof Uint8Array) return JSON.stringify(Buffer.from(tree).toString('base64'));
  if (typeof tree === 'bigint') return tree.toString();
  if (tree instanceof Dict) {
    return `{${tree.members.map(([name, value]) => `${JSON.stringify(name)}:${toJson(value)}`).join(',')}}`;
  }
  if (isList(tree)) return `[${tree.map(toJson).join(',')}]`;
  return JSON.stringify(tree);
}

/** Keys are written in order, unless the tree names one twice: then as they come. */
export function toBencode(tree: Tree): Buffer {
  if (tree instanceof Raw) return Buffer.from(tree.text);
  if (tree === null) return Buffer.from('0:');
  if (typeof tree === 'boolean') return Buffer.from(tree ? 'i1e' : 'i0e');
  if (typeof tree === 'number' || typeof tree === 'bigint') return Buffer.from(`i${tree}e`);
  if (typeof tree === 'string') return bytes(Buffer.from(tree));
  if (tree instanceof Uint8Array) return bytes(tree);
  if (isList(tree)) return Buffer.concat([Buffer.from('l'), ...tree.map(toBencode), Buffer.from('e')]);
  const names = tree.members.map(([name]) => name);
  const isPlain = new Set(names).size === names.length;
  const members = isPlain
    ? tree.members.toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    : tree.members;
  const written = members.flatMap(([name, value]) => [bytes(Buffer.from(name)), toBencode(value)]);
  return Buffer.concat([Buffer.from('d'), ...written, Buffer.from('e')]);
}

const isList = (tree: Tree): tree is readonly Tree[] => Array.isArray(tree);

const bytes = (value: Uint8Array): Buffer => Buffer.concat([Buffer.from(`${value.length}:`), value]);
