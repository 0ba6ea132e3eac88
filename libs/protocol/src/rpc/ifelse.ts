import type { BValue } from '../bencode.js';
import { InvalidRequest } from '../errors.js';
import { isJsonObject, type JsonValue } from '../json.js';
import { TEXTS } from '../texts.js';
import { INTEGER, INTEGER_LIST } from './field-types.js';
import { BtParams, JsonParams, readFields, type FieldType, type RpcParams } from './params.js';
import { textOf } from './wire-string.js';

/** docs/protocol/storage-rpc.md §9.3. `R` is any request, this one included. */
export interface IfElseRequest<R> {
  readonly method: 'ifelse';
  readonly condition: Condition;
  /** Null when the branch is not given; one of the two is. */
  readonly then: R | null;
  readonly else: R | null;
}

/** What must hold, all of it; null where nothing is asked. Versions are compared part by part, missing parts are 0. */
interface Condition {
  readonly hfAtLeast: readonly number[] | null;
  readonly hfBefore: readonly number[] | null;
  readonly versionAtLeast: readonly number[] | null;
  readonly versionBefore: readonly number[] | null;
  readonly heightAtLeast: number | null;
  readonly heightBefore: number | null;
}

/** What conditions are about. */
export interface Surroundings {
  readonly hardfork: readonly [number, number];
  readonly version: readonly [number, number, number];
  readonly height: number;
}

const CONDITION_FIELDS = {
  height_at_least: INTEGER,
  height_before: INTEGER,
  hf_at_least: INTEGER_LIST,
  hf_before: INTEGER_LIST,
  v_at_least: INTEGER_LIST,
  v_before: INTEGER_LIST,
} as const;

/** An object or a dictionary; null for anything else, about which everyone has words of their own. */
const NESTED: FieldType<RpcParams | null> = {
  fromJson: (value: JsonValue) => (isJsonObject(value) ? new JsonParams(value) : null),
  fromBt: (value: BValue) => (value instanceof Map ? new BtParams(value) : null),
};

/** What a branch says, before the method is looked up. */
interface Branch {
  readonly method: string;
  readonly params: RpcParams;
}

/** Each encoding has words of its own for what is wrong. */
const BRANCH: FieldType<Branch> = {
  fromJson(value, name) {
    if (!isJsonObject(value)) throw new InvalidRequest(TEXTS.ifelse.notObject(name));
    const { method, params } = value;
    if (typeof method === 'string' && isJsonObject(params)) return { method, params: new JsonParams(params) };
    throw new InvalidRequest(TEXTS.ifelse.methodAndParams(name));
  },
  fromBt(value, name) {
    if (!(value instanceof Map)) throw new InvalidRequest(TEXTS.ifelse.notDict(name));
    const method = value.get('method');
    const params = value.get('params');
    if (!(method instanceof Uint8Array)) throw new InvalidRequest(TEXTS.ifelse.methodBt(name));
    if (!(params instanceof Map)) throw new InvalidRequest(TEXTS.ifelse.paramsBt(name));
    return { method: textOf(method), params: new BtParams(params) };
  },
};

/** Both branches are parsed, whichever will run; `parse` gives null for a method it does not know. Throws InvalidRequest. */
export function parseIfElse<R>(
  params: RpcParams,
  parse: (method: string, params: RpcParams) => R | null,
): IfElseRequest<R> {
  const condition = readCondition(params.field('if', NESTED));
  const [then, otherwise] = (['then', 'else'] as const).map((name) => readBranch(params, name, parse));
  if (then === null && otherwise === null) throw new InvalidRequest(TEXTS.ifelse.noBranch);
  return { method: 'ifelse', condition, then: then ?? null, else: otherwise ?? null };
}

function readCondition(params: RpcParams | null): Condition {
  if (params === null) throw new InvalidRequest(TEXTS.ifelse.noIf);
  const fields = readFields(params, CONDITION_FIELDS);
  const condition = {
    hfAtLeast: nullIfEmpty(fields.hf_at_least),
    hfBefore: nullIfEmpty(fields.hf_before),
    versionAtLeast: nullIfEmpty(fields.v_at_least),
    versionBefore: nullIfEmpty(fields.v_before),
    heightAtLeast: fields.height_at_least,
    heightBefore: fields.height_before,
  };
  if (Object.values(condition).every((part) => part === null)) throw new InvalidRequest(TEXTS.ifelse.noCondition);
  return condition;
}

const nullIfEmpty = (list: readonly number[] | null): readonly number[] | null =>
  list === null || list.length === 0 ? null : list;

function readBranch<R>(
  params: RpcParams,
  name: 'then' | 'else',
  parse: (method: string, params: RpcParams) => R | null,
): R | null {
  const branch = params.field(name, BRANCH);
  if (branch === null) return null;
  const request = parse(branch.method, branch.params);
  if (request === null) throw new InvalidRequest(TEXTS.ifelse.unknownMethod(name));
  return request;
}

/** Whether every given condition holds. */
export function conditionHolds(condition: Condition, { hardfork, version, height }: Surroundings): boolean {
  const { hfAtLeast, hfBefore, versionAtLeast, versionBefore, heightAtLeast, heightBefore } = condition;
  return (
    (hfAtLeast === null || compare(hardfork, hfAtLeast) >= 0) &&
    (hfBefore === null || compare(hardfork, hfBefore) < 0) &&
    (versionAtLeast === null || compare(version, versionAtLeast) >= 0) &&
    (versionBefore === null || compare(version, versionBefore) < 0) &&
    (heightAtLeast === null || height >= heightAtLeast) &&
    (heightBefore === null || height < heightBefore)
  );
}

/** By the parts that `own` has. */
function compare(own: readonly number[], other: readonly number[]): number {
  for (const [index, part] of own.entries()) {
    const difference = part - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
