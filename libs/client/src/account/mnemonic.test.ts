import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8 } from '#protocol';
import { clientMessageVectors, mnemonicWords } from '../../../../test/vectors/client-messages.js';
import { crc32 } from './crc32.js';
import { ENGLISH_WORDS } from './english-words.js';
import { checksumIndex, decodeMnemonic, encodeMnemonic, groupToIndexes, MnemonicError } from './mnemonic.js';

const { word_list: list, mnemonics, mnemonic_negative, mnemonic_tolerant } = clientMessageVectors;

const problemOf = (phrase: string): string => {
  try {
    decodeMnemonic(phrase);
    return 'none';
  } catch (cause) {
    if (cause instanceof MnemonicError) return cause.problem;
    throw cause;
  }
};

describe('word list', () => {
  it('is the one of the network', () => {
    expect(ENGLISH_WORDS).toEqual(mnemonicWords);
    expect(ENGLISH_WORDS).toHaveLength(list.size);
    expect(ENGLISH_WORDS.slice(0, 3)).toEqual(list.first);
    expect(ENGLISH_WORDS.slice(-3)).toEqual(list.last);
    expect(bytesToHex(sha256(utf8(ENGLISH_WORDS.join('\n'))))).toBe(list.sha256_of_words_joined_by_newline);
  });

  it('tells its words apart by the first letters', () => {
    const prefixes = ENGLISH_WORDS.map((word) => word.slice(0, list.prefix_length));
    expect(new Set(prefixes).size).toBe(list.size);
  });
});

describe('recovery phrase', () => {
  it.each(mnemonics)('of vector $name: every step agrees', ({ entropy, mnemonic, groups, checksum }) => {
    for (const { x, indexes } of groups) expect(groupToIndexes(x)).toEqual(indexes);
    expect(crc32(utf8(checksum.input))).toBe(checksum.crc32);
    expect(checksumIndex(mnemonic.split(' ').slice(0, 12))).toBe(checksum.index);
    expect(encodeMnemonic(hexToBytes(entropy) ?? new Uint8Array())).toBe(mnemonic);
    expect(bytesToHex(decodeMnemonic(mnemonic))).toBe(entropy);
  });

  it.each(mnemonic_negative)('refuses $name', ({ mnemonic, error }) => {
    expect(problemOf(mnemonic)).toBe(error.replace(' (strict decoder)', ''));
  });

  it.each(mnemonic_tolerant)('accepts $name', ({ mnemonic, entropy }) => {
    expect(bytesToHex(decodeMnemonic(mnemonic))).toBe(entropy);
  });

  it('is read whatever its case and spacing', () => {
    const phrase = mnemonics[0]?.mnemonic ?? '';
    expect(decodeMnemonic(`\n  ${phrase.toUpperCase().replaceAll(' ', ' \t ')} `)).toEqual(decodeMnemonic(phrase));
  });

  it('never appears in the message of a refusal', () => {
    const phrase = 'vexed enjoy pigment films adept voted vexed enjoy pigment films adept quaggy adept';
    expect(() => decodeMnemonic(phrase)).toThrow(/word 12 is not in the list/);
    expect(() => decodeMnemonic(phrase)).not.toThrow(/quaggy/);
  });

  it('comes back to the same entropy', () => {
    const entropies = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(entropies, (entropy) => Buffer.compare(decodeMnemonic(encodeMnemonic(entropy)), entropy) === 0),
    );
  });

  it('is refused with a reason, whatever was typed', () => {
    const words = fc.oneof(fc.constantFrom(...ENGLISH_WORDS), fc.string());
    fc.assert(fc.property(fc.array(words, { maxLength: 16 }), (typed) => problemOf(typed.join(' ')).length > 0));
  });

  it('takes 16 bytes of entropy only', () => {
    expect(() => encodeMnemonic(new Uint8Array(15))).toThrow(RangeError);
  });
});
