import type { Random } from './random.js';
import { Dict, Raw, type Tree } from './tree.js';

const HUGE = 100_000;
const NAMES = [
  '__proto__',
  'constructor',
  'pubkey',
  'pubKey',
  'namespace',
  'messages',
  'requests',
  'signature',
  '',
  'é',
];

/** Values that are at the edge of something. */
const EDGES: readonly ((random: Random) => Tree)[] = [
  () => null,
  () => true,
  () => '',
  () => 'all',
  () => 0,
  () => -1,
  () => 1.5,
  () => 2 ** 53,
  () => 2n ** 63n,
  () => 2n ** 64n - 1n,
  () => -(2n ** 63n) - 1n,
  () => 32_768,
  () => new Raw('1e400'),
  () => new Raw('-0'),
  () => new Raw('01'),
  () => new Raw('i-0e'),
  () => new Raw('NaN'),
  () => new Raw('"\\ud800"'),
  () => new Raw('"\\u0000"'),
  () => [],
  () => Dict.of({}),
  () => nested(31),
  () => nested(33),
  () => nested(300),
  () => new Raw('['.repeat(5_000)),
  () => new Raw(`${'l'.repeat(5_000)}${'e'.repeat(5_000)}`),
  () => 'x'.repeat(HUGE),
  () => '\u{1f426}'.repeat(30),
  (random) => random.bytes(random.below(200)),
  (random) => random.bytes(32).toString('hex'),
  (random) => random.bytes(32).toString('base64').slice(0, 43),
  (random) => Array.from({ length: random.below(2_000) }, () => 'AAAA'),
  (random) => new Uint8Array(random.of([76_800, 76_801, HUGE])),
];

function nested(depth: number): Tree {
  let tree: Tree = 1;
  for (let level = 0; level < depth; level += 1) tree = level % 2 === 0 ? [tree] : Dict.of({ a: tree });
  return tree;
}

/** The tree with one place in it changed; any place is as likely as any other on its level. */
export function mutate(tree: Tree, random: Random): Tree {
  if (random.chance(0.1)) return random.of(EDGES)(random);
  if (tree instanceof Dict) return mutateDict(tree, random);
  if (Array.isArray(tree)) return mutateList(tree as readonly Tree[], random);
  if (typeof tree === 'number' && Number.isInteger(tree)) return mutateNumber(tree, random);
  if (typeof tree === 'string') return mutateText(tree, random);
  if (tree instanceof Uint8Array) return mutateBytes(Buffer.from(tree), random);
  return random.of(EDGES)(random);
}

function mutateDict({ members }: Dict, random: Random): Dict {
  if (members.length === 0 || random.chance(0.05))
    return new Dict([...members, [random.of(NAMES), random.of(EDGES)(random)]]);
  const at = random.below(members.length);
  const [name, value] = members[at] ?? ['', null];
  switch (random.below(8)) {
    case 0:
      return new Dict(members.toSpliced(at, 1));
    case 1:
      return new Dict(members.toSpliced(at, 0, [name, mutate(value, random)]));
    case 2:
      return new Dict(members.toSpliced(at, 1, [random.of(NAMES), value]));
    default:
      return new Dict(members.toSpliced(at, 1, [name, mutate(value, random)]));
  }
}

function mutateList(items: readonly Tree[], random: Random): Tree {
  const [item = null] = [items[random.below(Math.max(1, items.length))]];
  switch (random.below(5)) {
    case 0:
      return items.slice(1);
    case 1:
      return [...items, item];
    case 2:
      return Array.from({ length: random.of([20, 21, 51, 300]) }, () => item);
    case 3:
      return item;
    default:
      return items.map((each) => (each === item ? mutate(each, random) : each));
  }
}

function mutateNumber(value: number, random: Random): Tree {
  return random.of<Tree>([
    value + 1,
    value - 1,
    -value,
    value * 1_000,
    `${value}`,
    value + 0.5,
    BigInt(value) ** 3n,
    [value],
  ]);
}

function mutateText(text: string, random: Random): Tree {
  const at = random.below(text.length + 1);
  return random.of<Tree>([
    text.slice(0, at),
    `${text}${text.slice(at)}`,
    `${text.slice(0, at)}\u00e9${text.slice(at + 1)}`,
    text.toUpperCase(),
    ` ${text}`,
    `${text}=`,
    Buffer.from(text),
    [text],
  ]);
}

function mutateBytes(bytes: Buffer, random: Random): Tree {
  const flipped = Buffer.from(bytes);
  if (flipped.length > 0) flipped[random.below(flipped.length)] = random.below(256);
  return random.of<Tree>([flipped, bytes.subarray(1), Buffer.concat([bytes, Buffer.of(0)]), bytes.toString('hex')]);
}

/** Knows nothing of what the bytes mean. */
export function mutateBlindly(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const end = at + random.below(16);
  switch (random.below(6)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), random.bytes(1 + random.below(8)), bytes.subarray(at)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    case 4:
      return withLyingLength(bytes, random);
    default: {
      const flipped = Buffer.from(bytes);
      if (at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
      return flipped;
    }
  }
}

/** A digit of the bytes, such as one of a length, is another one. */
function withLyingLength(bytes: Buffer, random: Random): Buffer {
  const digits = [...bytes.keys()].filter((at) => (bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39);
  if (digits.length === 0) return bytes;
  const at = random.of(digits);
  const number = random.of(['9', '0', '-1', '99999999999', '4294967296', '']);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(number), bytes.subarray(at + 1)]);
}
