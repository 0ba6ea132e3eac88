import { describe, expect, it, jest } from '@jest/globals';
import type { OtherVersion } from '#protocol';
import { ContractError } from './contract-error.js';
import { decodeCommandAnswers, decodeCommandCall, encodeCommandAnswers, encodeCommandCall } from './command-frame.js';
import { decodeSnapshot, encodeSnapshot } from './membership.js';
import { decodeMonitorAnswer, decodeMonitorAsk, encodeMonitorAnswer, encodeMonitorAsk } from './monitor-frame.js';
import { decodeNewMessage, encodeNewMessage } from './new-message-frame.js';
import { decodeRpcAnswer, decodeRpcCall, encodeRpcAnswer, encodeRpcCall } from './rpc-frame.js';
import { decodeStandingQuestion, encodeStandingQuestion } from './standing.js';
import { CONTRACT_VERSION, ContractSkew, skewIn } from './version.js';

const NEXT = CONTRACT_VERSION + 1;
const BEYOND = CONTRACT_VERSION + 2;
const NOTHING = new Uint8Array();
const ACCOUNT = new Uint8Array(33);
const NEWS = { account: ACCOUNT, namespace: 0, hash: 'h'.repeat(43), timestampMs: 1, expiryMs: 2, data: null };
const SNAPSHOT = { height: 1, blockHash: '00'.repeat(32), hardfork: [19, 4], nodes: [] } as const;

type Met = (other: OtherVersion) => void;
const inByte = (bytes: Uint8Array, version: number): Uint8Array => Uint8Array.of(version, ...bytes.subarray(1));
const inJson = (bytes: Uint8Array, version: number): Uint8Array => {
  const message = JSON.parse(Buffer.from(bytes).toString()) as object;
  return Buffer.from(JSON.stringify({ ...message, contract: version, of_tomorrow: [1] }));
};

const messages: [string, (version: number) => Uint8Array, (bytes: Uint8Array, met?: Met) => unknown][] = [
  [
    'a call',
    (version) => inByte(encodeRpcCall({ source: 'client', budgetMs: 1, method: null, body: NOTHING }), version),
    decodeRpcCall,
  ],
  [
    'an answer',
    (version) => inByte(encodeRpcAnswer({ status: 200, kind: 'text', body: NOTHING }), version),
    decodeRpcAnswer,
  ],
  [
    'an ask for subscriptions',
    (version) => inByte(encodeMonitorAsk({ budgetMs: 1, part: NOTHING }), version),
    decodeMonitorAsk,
  ],
  [
    'its answer',
    (version) => inByte(encodeMonitorAnswer({ status: 200, reply: NOTHING, grants: [] }), version),
    decodeMonitorAnswer,
  ],
  ['commands', (version) => inByte(encodeCommandCall({ from: 'x', commands: [] }), version), decodeCommandCall],
  ['their answers', (version) => inByte(encodeCommandAnswers([]), version), decodeCommandAnswers],
  ['a new message', (version) => inByte(encodeNewMessage(NEWS), version), decodeNewMessage],
  ['the membership', (version) => inJson(encodeSnapshot({ ...SNAPSHOT, nodes: [] }), version), decodeSnapshot],
  [
    'a question of standing',
    (version) => inJson(encodeStandingQuestion({ from: 'ab'.repeat(32), instance: 'cd'.repeat(16) }), version),
    decodeStandingQuestion,
  ],
];

describe('a message of another version', () => {
  it.each(messages)(
    '%s: is read when it is of the next one, with what is unknown left out',
    (_name, encode, decode) => {
      expect(decode(encode(NEXT))).toEqual(decode(encode(CONTRACT_VERSION)));
    },
  );

  it.each(messages)('%s: is refused when it is further away, with what to do', (_name, encode, decode) => {
    expect(() => decode(encode(BEYOND))).toThrow(ContractSkew);
    expect(() => decode(encode(BEYOND))).toThrow(
      /speaks version 3 of the contract, this one reads 1 to 2; upgrade this one/,
    );
  });

  it.each(messages)('%s: is none of ours without a version', (_name, encode, decode) => {
    expect(() => decode(encode(0))).toThrow(ContractError);
    expect(() => decode(encode(0))).not.toThrow(ContractSkew);
  });

  it('is told, whether it can be read or not; our own is not', () => {
    const met = jest.fn<Met>();
    const [, encode] = messages[0] ?? ['', () => NOTHING];
    decodeRpcCall(encode(CONTRACT_VERSION), met);
    expect(met).not.toHaveBeenCalled();
    decodeRpcCall(encode(NEXT), met);
    expect(() => decodeRpcCall(encode(BEYOND), met)).toThrow(ContractSkew);
    expect(met.mock.calls).toEqual([
      [{ version: NEXT, relation: 'newer', outcome: 'used' }],
      [{ version: BEYOND, relation: 'newer', outcome: 'refused' }],
    ]);
  });

  it('is a sentence for operators, which bytes that are wrong are not', () => {
    expect(skewIn(new ContractSkew(BEYOND))).toMatch(/upgrade this one$/);
    expect(skewIn(new ContractError('unreadable'))).toBeUndefined();
  });
});
