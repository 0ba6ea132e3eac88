import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { certificateFor, newP256Key, type TlsPair } from './certificate.js';
import { tlsPathsIn } from './tls-files.js';
import { TlsFollower } from './tls-follower.js';

const NOW = 1_700_000_000_000;

function newPair(): TlsPair {
  const keyPem = newP256Key().export({ format: 'pem', type: 'pkcs8' }).toString();
  return { keyPem, certPem: certificateFor(createPrivateKey(keyPem), NOW) };
}

describe('a follower of TLS files', () => {
  const [first, second] = [newPair(), newPair()];
  let folder: string;
  let seen: unknown[];
  let follower: TlsFollower;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tls-'));
    put(first);
    seen = [];
    follower = new TlsFollower(tlsPathsIn(folder), first, {
      changed: (pair) => seen.push(pair),
      refused: (reason) => seen.push(reason),
    });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const put = ({ certPem, keyPem }: Partial<TlsPair>): void => {
    const { certFile, keyFile } = tlsPathsIn(folder);
    if (certPem !== undefined) writeFileSync(certFile, certPem);
    if (keyPem !== undefined) writeFileSync(keyFile, keyPem);
  };
  const look = (isAsked = false): void => follower.look({ isAsked });

  it('takes another pair, once', () => {
    look();
    put(second);
    look();
    look();
    expect(seen).toEqual([second]);
  });

  it('says nothing of a pair that is half changed, and takes it when it is whole', () => {
    put({ keyPem: second.keyPem });
    look();
    put({ certPem: second.certPem });
    look();
    expect(seen).toEqual([second]);
  });

  it.each<[string, Partial<TlsPair>, string]>([
    ['a key of another certificate', { keyPem: second.keyPem }, 'ERR_OSSL_X509_KEY_VALUES_MISMATCH'],
    ['no certificate', { certPem: 'words' }, 'ERR_OSSL_PEM_NO_START_LINE'],
    ['an empty certificate', { certPem: '' }, 'ERR_OSSL_PEM_NO_START_LINE'],
    ['an empty key', { keyPem: '' }, 'ERR_OSSL_UNSUPPORTED'],
    ['two empty files', { certPem: '', keyPem: '' }, 'ERR_OSSL_PEM_NO_START_LINE'],
  ])('tells of %s once, and goes back to the first without a word', (_name, bad, reason) => {
    put(bad);
    for (let i = 0; i < 4; i += 1) look();
    put(first);
    look();
    expect(seen).toEqual([reason]);
  });

  it('tells of a missing file, and again whenever somebody asks', () => {
    unlinkSync(tlsPathsIn(folder).keyFile);
    look(true);
    look();
    look(true);
    expect(seen).toEqual(['ENOENT', 'ENOENT']);
  });
});
