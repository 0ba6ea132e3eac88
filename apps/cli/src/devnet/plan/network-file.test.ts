import { describe, expect, it } from '@jest/globals';
import { ConfigurationProblem } from '../../problems.js';
import { parseNetworkFile } from './network-file.js';

const read = (content: unknown): ReturnType<typeof parseNetworkFile> =>
  parseNetworkFile(typeof content === 'string' ? content : JSON.stringify(content), 'network.json');
const seed = 'ab'.repeat(32);

describe('a network file', () => {
  it('needs no more than the names of its nodes', () => {
    expect(read({ nodes: [{ name: 'a' }] })).toEqual({
      network: 'devnet',
      height: 1,
      hardfork: [19, 4],
      version: '2.8.0',
      outside_allow: [],
      nodes: [{ name: 'a', swarm: null, ip: '127.0.0.1', state: 'active', run: true }],
    });
  });

  it.each([
    ['text that is not JSON', '{', /is not JSON/],
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
  ])('is refused with %s', (_name, content, message) => {
    expect(() => read(content)).toThrow(message);
    expect(() => read(content)).toThrow(ConfigurationProblem);
  });
});
