import { BadRequest } from '../errors.js';
import { isJsonObject, type JsonValue } from '../json.js';
import type { NodeRecord } from '../swarm/network-view.js';

/** Four times the names there are; a bound on the work of one request. */
const MAX_NAMES = 64;

/** What a `get_service_nodes` request asks for. docs/protocol/swarms.md §4.2 */
export interface NodeQuery {
  /** 0: all as listed; below 0: all, shuffled; above: so many at random. */
  readonly limit: number;
  /** Null: not polling. */
  readonly pollBlockHash: string | null;
  wants(field: string): boolean;
  matches(node: NodeRecord): boolean;
}

/** Throws BadRequest for parameters of a wrong type. Names that are not known change nothing. */
export function readNodeQuery(params: JsonValue): NodeQuery {
  if (params !== null && !isJsonObject(params)) throw refused('params must be an object');
  const { fields, active_only: activeOnly, limit, poll_block_hash: poll, service_node_pubkeys: keys } = params ?? {};
  const wanted = wantedFields(fields ?? null);
  const only = keyFilter(keys ?? null);
  const isActiveOnly = flagOf(activeOnly ?? null);
  return {
    limit: limitOf(limit ?? null),
    pollBlockHash: pollOf(poll ?? null),
    wants: wanted,
    matches: ({ state, ed25519 }) => (!isActiveOnly || state === 'active') && (only === null || only.has(ed25519)),
  };
}

/** Names, or an object of flags; none or `all` stands for every field, `-name` takes one out again. */
function wantedFields(fields: JsonValue): (name: string) => boolean {
  const names = new Set(namesOf(fields));
  const removed = new Set([...names].filter((name) => name.startsWith('-')).map((name) => name.slice(1)));
  const isAll = names.has('all') || names.size === 0 || removed.size === names.size;
  return (name) => (isAll || names.has(name)) && !removed.has(name);
}

function namesOf(fields: JsonValue): readonly string[] {
  if (isJsonObject(fields)) {
    const entries = Object.entries(fields);
    if (entries.length <= MAX_NAMES && entries.every(([, flag]) => typeof flag === 'boolean')) {
      return entries.filter(([, flag]) => flag === true).map(([name]) => name);
    }
  } else if (fields === null) return [];
  else if (Array.isArray(fields) && fields.length <= MAX_NAMES && fields.every((name) => typeof name === 'string')) {
    return fields;
  }
  throw refused('fields must be a list of names or an object of flags');
}

function keyFilter(keys: JsonValue): ReadonlySet<string> | null {
  if (keys === null) return null;
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string')) {
    throw refused('service_node_pubkeys must be a list of keys');
  }
  return keys.length === 0 ? null : new Set(keys.map((key) => key.toLowerCase()));
}

function flagOf(value: JsonValue): boolean {
  if (value === null || typeof value === 'boolean') return value ?? false;
  throw refused('active_only must be true or false');
}

function limitOf(value: JsonValue): number {
  if (value === null) return 0;
  if (typeof value === 'number') return value;
  throw refused('limit must be an integer');
}

function pollOf(value: JsonValue): string | null {
  if (value === null || value === '') return null;
  if (typeof value === 'string') return value;
  throw refused('poll_block_hash must be text');
}

const refused = (problem: string): BadRequest => new BadRequest(`Invalid request: ${problem}`);
