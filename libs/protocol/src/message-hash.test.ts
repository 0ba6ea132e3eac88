import { describe, expect, it } from '@jest/globals';
import { AccountId } from './account-id.js';
import { utf8 } from './hex.js';
import { messageHash } from './message-hash.js';
import { noblePrimitives as p } from './noble-primitives.js';

const A = AccountId.parse('054701d08488451f545a409fb58ae3e58581ca40ac3f7f114698cd71deac73ca01');
const G = AccountId.parse('0329acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7');

describe('messageHash', () => {
  // docs/protocol/storage-rpc.md §14
  it.each([
    [A, 0, 'gwTFi7xJfaW/kuECEKV+HwjKWozToGIYTM7R9KyaH7M'],
    [A, 5, 'Y1RTlCEDyk8HF2+yIPKmakAlei/j10KbJA+C7mY2Ni0'],
    [A, -10, 'tUxj9kNPllEvqJ7WmABF6b+ZT36fwvVBFFhv+7sbCzk'],
    [A, 11, 'nWSlF0k1NVWjTgig8/Saebgr/1l6CaCHJWo7QxgFNvI'],
    [G, 11, 'QSfezEmlKkBc2Zw6WXBrxlpbSw2JrV1aEt2QIECaQiU'],
  ])('of "hello" for %s in namespace %i', (account, namespace, hash) => {
    expect(messageHash(p, account, namespace, utf8('hello'))).toBe(hash);
  });

  it('has no mark between namespace and data, as on the network', () => {
    expect(messageHash(p, A, 4, utf8('2x'))).toBe(messageHash(p, A, 42, utf8('x')));
  });
});
