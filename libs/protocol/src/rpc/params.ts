import type { BValue } from '../bencode.js';
import type { JsonObject, JsonValue } from '../json.js';

/** How one kind of field is read in both encodings. Both throw InvalidRequest, with the field's name in its text. */
export interface FieldType<T> {
  fromJson(value: JsonValue, name: string): T;
  fromBt(value: BValue, name: string): T;
}

/** The parameters of one request, whichever way they were encoded. */
export interface RpcParams {
  /** Null when the field is absent; JSON's null counts as absent. Throws InvalidRequest for a wrong type. */
  field<T>(name: string, type: FieldType<T>): T | null;
}

export class JsonParams implements RpcParams {
  constructor(private readonly object: JsonObject) {}

  field<T>(name: string, type: FieldType<T>): T | null {
    const value = this.object[name];
    return value === undefined || value === null ? null : type.fromJson(value, name);
  }
}

export class BtParams implements RpcParams {
  constructor(private readonly dict: ReadonlyMap<string, BValue>) {}

  field<T>(name: string, type: FieldType<T>): T | null {
    const value = this.dict.get(name);
    return value === undefined ? null : type.fromBt(value, name);
  }
}

type FieldTypes = Readonly<Record<string, FieldType<unknown>>>;

/** The values of the named fields, null where absent. */
export type FieldValues<S extends FieldTypes> = {
  readonly [K in keyof S]: S[K] extends FieldType<infer T> ? T | null : never;
};

/** Reads fields in byte order of their names: of several wrong types, the first in this order is the one reported. */
export function readFields<S extends FieldTypes>(params: RpcParams, types: S): FieldValues<S> {
  const values: Record<string, unknown> = {};
  for (const [name, type] of inOrder(types)) values[name] = params.field(name, type);
  return values as FieldValues<S>;
}

/** One entry for each table that there is; tables are constants of their modules. */
const orders = new WeakMap<FieldTypes, readonly (readonly [string, FieldType<unknown>])[]>();

function inOrder(types: FieldTypes): readonly (readonly [string, FieldType<unknown>])[] {
  const known = orders.get(types);
  if (known !== undefined) return known;
  const order = Object.entries(types).sort(([a], [b]) => (a < b ? -1 : 1));
  orders.set(types, order);
  return order;
}
