import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigurationProblem } from '../../problems.js';
import { readNetworkFile } from './network-file.js';

const dir = mkdtempSync(join(tmpdir(), 'starling-network-file-'));
afterAll(() => rmSync(dir, { recursive: true }));

const read = (content: unknown): ReturnType<typeof readNetworkFile> => {
  const path = join(dir, 'network.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readNetworkFile(path);
};
const seed = 'ab'.repeat(32);

describe('a network file', () => {
  it('needs no more than the names of its nodes', async () => {
    expect(await read({ nodes: [{ name: 'a' }] })).toEqual({
      network: 'devnet',
      height: 1,
      hardfork: [19, 4],
      version: '2.8.0',
      outside_allow: [],
      nodes: [{ name: 'a', swarm: null, ip: '127.0.0.1', state: 'active', run: true }],
    });
  });

  it.each([
    ['text that is not JSON', '{', /cannot be read as JSON/],
    ['no nodes', { nodes: [] }, /nodes: /],
    ['a misspelt field', { nodes: [{ name: 'a', sead: seed }] }, /sead/],
    ['a seed that is too short', { nodes: [{ name: 'a', seed: 'ab' }] }, /nodes\.0\.seed: must be 64/],
    ['a swarm id as a number', { nodes: [{ name: 'a', swarm: 5 }] }, /nodes\.0\.swarm/],
    ['a name that cannot be a folder', { nodes: [{ name: '../a' }] }, /nodes\.0\.name/],
    ['two nodes of one name', { nodes: [{ name: 'a' }, { name: 'a' }] }, /same name/],
    [
      'two nodes with one key',
      {
        nodes: [
          { name: 'a', seed },
          { name: 'b', seed },
        ],
      },
      /same seed/,
    ],
    [
      'two nodes at one address',
      {
        nodes: [
          { name: 'a', https_port: 1_000 },
          { name: 'b', peer_port: 1_000 },
        ],
      },
      /same address and port/,
    ],
    [
      'a decommissioned node in a swarm',
      { nodes: [{ name: 'a', swarm: '0', state: 'decommissioned' }] },
      /only an active/,
    ],
    ['swarms for some active nodes only', { nodes: [{ name: 'a', swarm: '0' }, { name: 'b' }] }, /every active node/],
    ['a node that is to run elsewhere', { nodes: [{ name: 'a', ip: '10.0.0.1' }] }, /address of this machine/],
    ['nothing to run', { nodes: [{ name: 'a', run: false }] }, /no node runs/],
    ['more nodes than fit', { nodes: Array.from({ length: 51 }, (_, index) => ({ name: `n${index}` })) }, /at most 50/],
  ])('is refused with %s', async (_name, content, message) => {
    const attempt = read(content);
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toThrow(ConfigurationProblem);
  });
});
