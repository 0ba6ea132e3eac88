import { ClientError } from '../errors.js';
import { crc32 } from './crc32.js';
import { ENGLISH_WORDS } from './english-words.js';

/** docs/protocol/client-messages.md §1.1: 16 bytes of entropy become 12 words and a 13th that repeats one of them. */
export const ENTROPY_BYTES = 16;
const WORD_COUNT = 13;
const DATA_WORDS = 12;
const PREFIX_LETTERS = 3;
const GROUP_BYTES = 4;
const WORDS_PER_GROUP = 3;
const LIST_SIZE = ENGLISH_WORDS.length;

export type MnemonicProblem = 'not enough words' | 'too many words' | 'invalid word' | 'out of range' | 'checksum';

const SENTENCES: Readonly<Record<MnemonicProblem, (wordNumber: number) => string>> = {
  'not enough words': () => 'The recovery phrase has not enough words: it must have 13.',
  'too many words': () => 'The recovery phrase has too many words: it must have 13.',
  'invalid word': (word) => `The recovery phrase has an invalid word: word ${word} is not in the list.`,
  'out of range': (word) =>
    `The recovery phrase is out of range: no account has words ${word} to ${word + 2} in a row.`,
  checksum: () => 'The recovery phrase fails its checksum: a word is wrong, or two are swapped.',
};

/** A recovery phrase that cannot be read. The message never repeats a word of the phrase. */
export class MnemonicError extends ClientError {
  constructor(
    readonly problem: MnemonicProblem,
    wordNumber = 0,
  ) {
    super(SENTENCES[problem](wordNumber));
  }
}

const prefixOf = (word: string): string => word.slice(0, PREFIX_LETTERS);
const INDEX_BY_PREFIX: ReadonlyMap<string, number> = new Map(
  ENGLISH_WORDS.map((word, index) => [prefixOf(word), index]),
);

/** The 13-word phrase of 16 bytes of entropy; throws RangeError for another length. */
export function encodeMnemonic(entropy: Uint8Array): string {
  if (entropy.length !== ENTROPY_BYTES) throw new RangeError(`entropy must be ${ENTROPY_BYTES} bytes`);
  const view = new DataView(entropy.buffer, entropy.byteOffset, entropy.byteLength);
  const words: string[] = [];
  for (let offset = 0; offset < ENTROPY_BYTES; offset += GROUP_BYTES) {
    for (const index of groupToIndexes(view.getUint32(offset, true))) words.push(wordAt(index));
  }
  words.push(checksumWord(words));
  return words.join(' ');
}

/**
 * The 16 bytes of entropy behind a phrase. Case and extra white space do not matter, and only the first three
 * letters of a word do. Throws MnemonicError.
 */
export function decodeMnemonic(phrase: string): Uint8Array {
  const words = phrase.trim().toLowerCase().split(/\s+/);
  if (words.length < WORD_COUNT) throw new MnemonicError('not enough words');
  if (words.length > WORD_COUNT) throw new MnemonicError('too many words');

  const indexes = words.map((word, position) => {
    const index = INDEX_BY_PREFIX.get(prefixOf(word));
    if (index === undefined) throw new MnemonicError('invalid word', position + 1);
    return index;
  });
  const data = indexes.slice(0, DATA_WORDS);
  const entropy = new Uint8Array(ENTROPY_BYTES);
  const view = new DataView(entropy.buffer);
  for (let group = 0; group < DATA_WORDS / WORDS_PER_GROUP; group++) {
    const first = group * WORDS_PER_GROUP;
    const value = indexesToGroup(data.slice(first, first + WORDS_PER_GROUP));
    // Reference decoders cut this to 32 bits; no encoder makes it, so it can only be a mistake worth reporting.
    if (value > 0xffffffff) throw new MnemonicError('out of range', first + 1);
    view.setUint32(group * GROUP_BYTES, value, true);
  }
  if (indexes[DATA_WORDS] !== indexes[checksumIndex(data.map(wordAt))]) throw new MnemonicError('checksum');
  return entropy;
}

/** Three word numbers of an unsigned 32-bit value. */
export function groupToIndexes(value: number): readonly [number, number, number] {
  const first = value % LIST_SIZE;
  const quotient = Math.floor(value / LIST_SIZE);
  const second = (quotient + first) % LIST_SIZE;
  const third = (Math.floor(quotient / LIST_SIZE) + second) % LIST_SIZE;
  return [first, second, third];
}

/** The inverse; up to 1626^3 - 1, which is more than 32 bits hold. */
function indexesToGroup([first = 0, second = 0, third = 0]: readonly number[]): number {
  const high = (LIST_SIZE - first + second) % LIST_SIZE;
  const higher = (LIST_SIZE - second + third) % LIST_SIZE;
  return first + LIST_SIZE * high + LIST_SIZE * LIST_SIZE * higher;
}

/** Which of the 12 data words the 13th repeats: CRC-32 over their prefixes, modulo 12. */
export function checksumIndex(dataWords: readonly string[]): number {
  return crc32(new TextEncoder().encode(dataWords.map(prefixOf).join(''))) % dataWords.length;
}

function checksumWord(dataWords: readonly string[]): string {
  return dataWords[checksumIndex(dataWords)] ?? '';
}

function wordAt(index: number): string {
  const word = ENGLISH_WORDS[index];
  if (word === undefined) throw new RangeError('word number outside the list');
  return word;
}
