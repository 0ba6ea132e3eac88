import { bytesToHex, utf8 } from '../hex.js';
import { stringifyJson } from '../json.js';
import type { Primitives } from '../primitives.js';
import type { SwarmMap } from '../swarm/composition.js';
import { hex64Of, integerOf, onlyMembers, readObject, textOf } from './list-fields.js';
import { ListRefused } from './list-refused.js';
import { listedNodeToJson, readListedNodes, type ListedNode } from './listed-nodes.js';
import { listedSwarmsToJson, readListedSwarms } from './listed-swarms.js';

/** What a network's administrators say its members are, from one epoch to the next. docs/protocol/membership.md */
export interface NetworkListFields {
  readonly network: string;
  /** Counts the lists of a network; published as the height. */
  readonly epoch: number;
  readonly issuedMs: number;
  readonly expiresMs: number;
  /** Hash of the list before; NO_LIST for a first one. */
  readonly prev: string;
  /** 64 hex digits; its first 8 bytes seed the swarm composition. */
  readonly seed: string;
  readonly nodes: readonly ListedNode[];
  /** Null: composed from the swarms of the list before. */
  readonly swarms: SwarmMap | null;
}

export interface NetworkList extends NetworkListFields {
  /** The exact text that is signed and hashed. */
  readonly text: string;
  /** 64 hex digits; published as the block hash. */
  readonly hash: string;
}

/** `prev` of a list that follows none. */
export const NO_LIST = '0'.repeat(64);

/** Holds 10,000 nodes with their swarms several times over; a bound on what a source can make a node read. */
export const MAX_LIST_CHARS = 8 * 1024 * 1024;
const HASH_BYTES = 32;
const MEMBERS = ['network', 'epoch', 'issued', 'expires', 'prev', 'seed', 'nodes', 'swarms'];
const NETWORK_NAME = /^[\x21-\x7e](?:[\x20-\x7e]{0,62}[\x21-\x7e])?$/;

/** BLAKE2b-256 of the text, in hex. */
export const hashNetworkList = (p: Primitives, listText: string): string =>
  bytesToHex(p.blake2b([utf8(listText)], HASH_BYTES));

/** Reads and checks the text of a list, not who signed it. Throws ListRefused. */
export function parseNetworkList(p: Primitives, text: string): NetworkList {
  if (text.length > MAX_LIST_CHARS) throw new ListRefused(`The list is longer than ${MAX_LIST_CHARS} characters.`);
  const list = readObject(text, 'The list');
  onlyMembers(list, MEMBERS, 'The list');
  const issuedMs = integerOf(list.issued, 0, Number.MAX_SAFE_INTEGER, 'issued');
  const nodes = readListedNodes(list.nodes);
  return {
    network: networkNameOf(textOf(list.network, 'network')),
    epoch: integerOf(list.epoch, 1, Number.MAX_SAFE_INTEGER, 'epoch'),
    issuedMs,
    expiresMs: integerOf(list.expires, issuedMs + 1, Number.MAX_SAFE_INTEGER, 'expires'),
    prev: hex64Of(list.prev, 'prev'),
    seed: hex64Of(list.seed, 'seed'),
    nodes,
    swarms: list.swarms === undefined ? null : readListedSwarms(list.swarms, nodes),
    text,
    hash: hashNetworkList(p, text),
  };
}

/** The text of a list. What it says is not checked here. */
export function networkListText(list: NetworkListFields): string {
  return stringifyJson({
    network: list.network,
    epoch: list.epoch,
    issued: list.issuedMs,
    expires: list.expiresMs,
    prev: list.prev,
    seed: list.seed,
    nodes: list.nodes.map(listedNodeToJson),
    swarms: list.swarms === null ? undefined : listedSwarmsToJson(list.swarms),
  });
}

function networkNameOf(name: string): string {
  if (NETWORK_NAME.test(name)) return name;
  throw new ListRefused('network must be 1 to 64 printable ASCII characters.');
}
