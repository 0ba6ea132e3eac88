import type { MemberAnswer, NodeName } from '#client';
import type { Terminal } from '../terminal/terminal.js';
import { tableLines } from '../terminal/table.js';
import type { Delivery } from './conversation.js';
import type { OnionTrip } from './journey.js';

const OUTCOMES: Record<MemberAnswer['outcome'], string> = {
  kept: 'keeps it',
  already: 'had it already',
  failed: 'failed',
  unsigned: 'gave no valid signature',
  stranger: 'is not in the list',
};
const ORDINALS = ['first hop', 'second hop', 'third hop'];
const INDENT = '  ';

/** How the name of a node in the devnet follows from its address. */
export type NameNode = (node: NodeName) => string;

/** Who saw what of one message, line by line. */
export function tellDelivery(terminal: Terminal, delivery: Delivery, nameNode: NameNode): void {
  const { bold, dim, green, red } = terminal.colors;
  const { from, to, text, receivedText, journey, isDelivered } = delivery;
  const { lookup, store, answers, fetches, swarmId, members } = journey;
  const tell = (words: string): void => terminal.line(`${INDENT}${words}`);
  const section = (words: string): void => tell(dim(words));

  terminal.line(bold(`${from} → ${to}: “${text}”`));
  if (lookup) {
    tell(`${from} finds ${to}'s swarm, ${swarmId}: ${names(members, nameNode)}`);
    section(`  asked ${way(lookup, nameNode)}`);
  }
  if (store) {
    tell(`${from} stores the message with ${nameNode(store.destination)}`);
    section(`  sent ${way(store, nameNode)}`);
    const rows = whoSawWhat(store, from, to, nameNode);
    for (const line of tableLines(['', 'node', 'saw', 'did not see'], rows)) tell(`  ${line}`);
  }
  const signed = answers.filter(({ outcome }) => outcome === 'kept' || outcome === 'already').length;
  tell(`${signed} of ${answers.length} members signed for it: ${outcomes(answers, nameNode)}`);
  for (const fetch of fetches) {
    tell(`${to} asks ${nameNode(fetch.destination)} for messages`);
    section(`  asked ${way(fetch, nameNode)}`);
  }
  const opened = `${to} opens it: “${receivedText ?? ''}”, signed by ${from}`;
  tell(isDelivered ? green(opened) : red(`${to} did not get it`));
  terminal.line();
}

function way({ hops, destination, ms }: OnionTrip, nameNode: NameNode): string {
  return `through ${names(hops, nameNode, ' → ')} to ${nameNode(destination)}, answered after ${Math.round(ms)} ms`;
}

/** What each node on the way could know: it opens one layer and sees its two neighbours, the last one a request. */
function whoSawWhat({ hops, destination }: OnionTrip, from: string, to: string, nameNode: NameNode): string[][] {
  const rows = hops.map((hop, index) => {
    const before = index === 0 ? `the address of ${from}'s computer` : nameNode(hops[index - 1] ?? hop);
    const next = nameNode(hops[index + 1] ?? destination);
    const hidden = index === 0 ? 'who writes, to whom, what' : `${from}, ${to}, what is said`;
    return [ORDINALS[index] ?? '', nameNode(hop), `${before}, ${next}`, hidden];
  });
  const last = nameNode(hops.at(-1) ?? destination);
  return [...rows, ['member', nameNode(destination), `${last}, ${to}'s Account ID`, `${from}, what is said`]];
}

/** Most members say the same: who does is named together. */
function outcomes(answers: readonly MemberAnswer[], nameNode: NameNode): string {
  const groups = new Map<string, NodeName[]>();
  for (const { node, outcome, reason } of answers) {
    const words = reason === undefined ? OUTCOMES[outcome] : `${OUTCOMES[outcome]} (${reason})`;
    groups.set(words, [...(groups.get(words) ?? []), node]);
  }
  return [...groups]
    .map(([words, nodes]) => `${names(nodes, nameNode)} ${nodes.length === 1 ? words : plural(words)}`)
    .join('; ');
}

function plural(words: string): string {
  return words.replace(/^keeps/, 'keep').replace(/^is not/, 'are not');
}

function names(nodes: readonly NodeName[], nameNode: NameNode, between = ', '): string {
  const all = nodes.map(nameNode);
  return (between === ', ' ? all.sort(byNumber) : all).join(between);
}

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
