import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { utf8 } from '#protocol';
import { judgeAnswer } from './onion-fault.js';

const id = 'ab'.repeat(32);

describe('an answer in the clear', () => {
  it.each([
    [502, `Next node not found: ${id}`, { kind: 'node-gone', nodeId: id }],
    [502, `Next node not found: ${id.toUpperCase()}\n`, { kind: 'node-gone', nodeId: id }],
    [502, `Next node is currently unreachable: ${id}`, { kind: 'node-unreachable', nodeId: id }],
    [502, 'Next node not found: somebody', { kind: 'path' }],
    [502, 'Bad Gateway', { kind: 'path' }],
    [503, `Snode not ready: ${id}`, { kind: 'node-not-ready', nodeId: id }],
    [503, 'Service node is not ready: not in any swarm\n', { kind: 'guard-busy' }],
    [503, 'Server busy, try again later', { kind: 'guard-busy' }],
    [504, 'Request time out', { kind: 'path' }],
    [504, `Next node not found: ${id}`, { kind: 'path' }],
    [500, 'Invalid response from snode', { kind: 'path' }],
    [500, 'Oxen Server error', { kind: 'stop' }],
    [406, 'clock', { kind: 'path' }],
    [421, '{"snodes":[]}', { kind: 'path' }],
    [400, 'Invalid ciphertext', { kind: 'path' }],
    [429, 'Too Many Requests', { kind: 'path' }],
  ])('%d "%s" means %j', (status, text, fault) => {
    expect(judgeAnswer(status, utf8(text))).toEqual(fault);
  });

  it('is judged whatever it holds', () => {
    fc.assert(fc.property(fc.integer(), fc.uint8Array(), (status, body) => judgeAnswer(status, body).kind.length > 0));
  });
});
