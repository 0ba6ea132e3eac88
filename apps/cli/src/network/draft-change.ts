import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { SystemClock } from '#platform';
import { bytesToHex, makeNextList, noblePrimitives } from '#protocol';
import type { ListChanges, ListedNode, NetworkList } from '#protocol';
import type { Outcome } from '../command.js';
import { Problem } from '../problems.js';
import { countOf } from '../terminal/count-of.js';
import type { NetworkFolder } from './network-folder.js';

const SEED_BYTES = 32;
const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 365;
const MAX_DAYS = 3_650;

export interface DraftOptions {
  readonly dir: string;
  readonly days: number;
}

export function addDraftOptions(command: Command): void {
  addDirOption(command);
  command.option('--days <number>', 'how long the next list is to be valid', readDays, DEFAULT_DAYS);
}

export function addDirOption(command: Command): void {
  command.addOption(new Option('--dir <folder>', 'folder of the network').default('.'));
}

/** Changes the draft, or begins one. Signatures of the draft before are void, for its text is another now. */
export async function changeDraft(
  folder: NetworkFolder,
  changes: ListChanges,
  { days }: DraftOptions,
): Promise<Outcome> {
  const [current, draft] = [await folder.current(), await folder.draft()];
  const nowMs = new SystemClock().now();
  const next = (from: NetworkList | null, what: ListChanges): NetworkList =>
    makeNextList(noblePrimitives, from, what, {
      network: folder.trust.network,
      seed: bytesToHex(randomBytes(SEED_BYTES)),
      issuedMs: nowMs,
      expiresMs: nowMs + days * DAY_MS,
      swarms: 'compose',
    });
  // A draft is always made from the list in force, whatever it was changed by before.
  const wanted = draft ? applied(draft.list.nodes, changes) : null;
  const list = next(current, wanted ? difference(current?.nodes ?? [], wanted) : changes);
  await folder.saveDraft({ list, signatures: [] });
  const { required } = folder.trust;
  const lines = [
    `The draft of list ${list.epoch} has ${countOf(list.nodes.length, 'node')} in ${countOf(list.swarms?.size ?? 0, 'swarm')}.`,
    `It needs ${countOf(required, 'signature')}: starling network sign`,
  ];
  return { json: { epoch: list.epoch, hash: list.hash, nodes: list.nodes.length, required }, lines };
}

function applied(nodes: readonly ListedNode[], { put = [], remove = [] }: ListChanges): readonly ListedNode[] {
  const absent = remove.find((key) => !nodes.some(({ ed25519 }) => ed25519 === key));
  if (absent !== undefined) throw new Problem(`The next list has no node ${absent} to remove.`);
  const gone = new Set([...remove, ...put.map(({ ed25519 }) => ed25519)]);
  return [...nodes.filter(({ ed25519 }) => !gone.has(ed25519)), ...put];
}

function difference(before: readonly ListedNode[], after: readonly ListedNode[]): ListChanges {
  const kept = new Set(after.map(({ ed25519 }) => ed25519));
  return {
    put: after.filter((node) => !before.some((old) => isDeepStrictEqual(old, node))),
    remove: before.map(({ ed25519 }) => ed25519).filter((key) => !kept.has(key)),
  };
}

function readDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= MAX_DAYS) return days;
  throw new InvalidArgumentError(`a whole number from 1 to ${MAX_DAYS}.`);
}
