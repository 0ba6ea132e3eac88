import { describe, expect, it } from '@jest/globals';
import { newerNodes } from './peers.js';

const metrics = (relation: string, outcome: string, count: number): string =>
  `# TYPE peer_other_version_messages_total counter\n` +
  `peer_other_version_messages_total{relation="${relation}",outcome="${outcome}"} ${count}\n`;

describe('nodes of a newer peer contract', () => {
  it('are a reason to upgrade when the relay had to refuse them', () => {
    expect(newerNodes(metrics('newer', 'refused', 3))).toEqual([
      expect.objectContaining({
        level: 'warn',
        says: 'the relay refused 3 messages of nodes whose peer contract is too new for it',
      }),
    ]);
  });

  it.each([
    ['the relay does not answer', null],
    ['none was met', metrics('newer', 'refused', 0)],
    ['they are worked with', metrics('newer', 'used', 3)],
    ['it is they who have to be upgraded', metrics('older', 'refused', 3)],
  ])('are nothing to tell of when %s', (_name, text) => {
    expect(newerNodes(text)).toEqual([]);
  });
});
