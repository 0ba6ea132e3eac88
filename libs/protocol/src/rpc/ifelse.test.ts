import { describe, expect, it } from '@jest/globals';
import { utf8 } from '../hex.js';
import type { JsonValue } from '../json.js';
import { conditionHolds, type IfElseRequest } from './ifelse.js';
import { parseClientCall, type RpcRequest } from './request.js';

const INFO = { method: 'info', params: {} };
const HERE = { hardfork: [19, 4], version: [2, 8, 0], height: 1_000 } as const;

const parse = (params: Record<string, JsonValue>): IfElseRequest<RpcRequest> =>
  parseClientCall(utf8(JSON.stringify({ method: 'ifelse', params }))) as IfElseRequest<RpcRequest>;
const holds = (condition: Record<string, JsonValue>): boolean =>
  conditionHolds(parse({ if: condition, then: INFO }).condition, HERE);

describe('the condition of ifelse', () => {
  it.each<[Record<string, JsonValue>, boolean]>([
    [{ hf_at_least: [19] }, true],
    [{ hf_at_least: 19 }, true],
    [{ hf_at_least: [19, 4] }, true],
    [{ hf_at_least: [19, 5] }, false],
    [{ hf_at_least: [19, 4, 99] }, true],
    [{ hf_before: [19, 4] }, false],
    [{ hf_before: [20] }, true],
    [{ v_at_least: [2, 8] }, true],
    [{ v_at_least: [2, 8, 1] }, false],
    [{ v_before: [2, 8, 1] }, true],
    [{ height_at_least: 1_000 }, true],
    [{ height_before: 1_000 }, false],
    [{ hf_at_least: [19], height_before: 999 }, false],
    [{ hf_at_least: [], height_at_least: 1 }, true],
  ])('%j holds here: %s', (condition, expected) => {
    expect(holds(condition)).toBe(expected);
  });
});

describe('parseIfElse', () => {
  it('takes any request in a branch, itself included', () => {
    const batch = { method: 'batch', params: { requests: [INFO] } };
    const inner = { method: 'ifelse', params: { if: { hf_at_least: 1 }, else: batch } };
    expect(parse({ if: { hf_at_least: 1 }, then: inner })).toMatchObject({
      method: 'ifelse',
      then: { method: 'ifelse', then: null, else: { method: 'batch', requests: [{ method: 'info' }] } },
      else: null,
    });
  });

  const nested = (depth: number): JsonValue =>
    depth === 1 ? INFO : { method: 'ifelse', params: { if: { hf_at_least: 1 }, then: nested(depth - 1) } };

  it('takes sixteen of them in one another and no more', () => {
    const outer = (depth: number) => parse({ if: { hf_at_least: 1 }, then: nested(depth) });
    expect(outer(13)).toMatchObject({ method: 'ifelse' });
    expect(() => outer(40)).toThrow(/^invalid (request: Invalid ifelse request: nested too deeply|json)$/);
  });

  it.each<[string, Record<string, JsonValue>, string]>([
    ['no condition', { then: INFO }, 'Invalid ifelse request: no valid "if" field'],
    ['text for a condition', { if: 'x', then: INFO }, 'Invalid ifelse request: no valid "if" field'],
    ['an empty condition', { if: {}, then: INFO }, 'Invalid ifelse request: must specify at least one "if" condition'],
    [
      'an empty version',
      { if: { hf_at_least: [] }, then: INFO },
      'Invalid ifelse request: must specify at least one "if" condition',
    ],
    [
      'text for a version',
      { if: { hf_at_least: '19' }, then: INFO },
      "Invalid value given for 'hf_at_least': expected integer array",
    ],
    ['no branch', { if: { hf_at_least: 1 } }, 'Invalid ifelse request: at least one of "then"/"else" required'],
    ['text for a branch', { if: { hf_at_least: 1 }, else: 'x' }, 'Invalid ifelse request: else must be an object'],
    [
      'a branch without parameters',
      { if: { hf_at_least: 1 }, then: { method: 'info' } },
      'Invalid ifelse request: then must have method/params keys',
    ],
    [
      'an unknown method',
      { if: { hf_at_least: 1 }, then: { method: 'nope', params: {} } },
      'Invalid ifelse request method "then"',
    ],
    [
      'wrong parameters in the branch that would not run',
      { if: { hf_at_least: 1 }, then: INFO, else: { method: 'get_swarm', params: {} } },
      "Required field 'pubkey' missing",
    ],
  ])('refuses %s', (_what, params, text) => {
    expect(() => parse(params)).toThrow(`invalid request: ${text}`);
  });
});
