import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { buildOnion, bytesToHex, encodeBase32z, hexToBytes, noblePrimitives, parseNodeReply, utf8 } from '#protocol';
import type { ListedNode, NodeKey } from '#protocol';
import { ask } from '../../http/ask.js';
import type { Standing } from '../../running/standing.js';
import { fail, pass, skip, warn } from '../finding.js';
import type { Finding } from '../finding.js';
import type { NodeFacts } from '../../config/node-facts.js';
import type { AskedPeers } from './peers.js';
import { codeOf } from './running.js';

/** Of `/status` of the swarm-manager; null where it does not answer, or knows nothing yet. */
export type SeenByPeers = Standing['seen_by_peers'];

/** One peer may be badly connected itself. */
const PEERS_TRIED = 3;

/** The address and ports of the list against this machine's, against what other nodes see, and against the settings'. */
export function checkAddress({ ports }: NodeFacts, node: ListedNode | null, seen: SeenByPeers): Finding[] {
  if (node === null) return [skip('address', 'the list does not give this node an address')];
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const where = own.some(({ address }) => address === node.ip)
    ? pass('address', `${node.ip} is an address of this machine`)
    : pass('address', `${node.ip} is not on this machine: packets must be forwarded to it; see the peer port`);
  const from = observedFinding(node, seen);
  if (ports === null) return [where, ...from];
  const remedy = 'forward the listed ports to those, or have the list corrected with `starling network add`';
  const differs = ports.https !== node.httpsPort || ports.peer !== node.peerPort;
  const says = `the list has ${node.httpsPort} and ${node.peerPort}, the settings ${ports.https} and ${ports.peer}`;
  return [
    where,
    ...from,
    differs ? warn('listed ports', says, remedy) : pass('listed ports', 'are those of the settings'),
  ];
}

/** Nothing to say where no node told from where our requests reach it. */
function observedFinding({ ip }: ListedNode, seen: SeenByPeers): Finding[] {
  const observed = seen?.observed_ips ?? [];
  if (observed.length === 0) return [];
  if (observed.includes(ip)) return [pass('address seen', `other nodes see requests of this one come from ${ip}`)];
  const says = `other nodes see requests of this one come from ${observed.join(', ')}, and the list has ${ip}`;
  return [warn('address seen', says, 'if it has moved, have the list corrected with `starling network add`')];
}

/** What other nodes told this one of their last tests of a port; null where none did. */
function toldFinding(check: string, where: string, told: { reached: number; failed: number } | null): Finding | null {
  const tests = (told?.reached ?? 0) + (told?.failed ?? 0);
  if (told === null || tests === 0) return null;
  const says = `${told.reached} of ${tests} nodes that tested ${where} reached it, from outside`;
  return told.reached > 0 ? pass(check, says) : fail(check, says, 'open the port and forward it to this node');
}

/**
 * Whether the node answers at its listed public port with its own key: as other nodes say where they do, otherwise as
 * seen from this machine.
 */
export async function checkPublicPort(
  self: NodeKey | null,
  node: ListedNode | null,
  seen: SeenByPeers,
): Promise<Finding> {
  if (self === null || node === null) return skip('public port', 'there is no listed address to try');
  const where = `${node.ip}:${node.httpsPort}`;
  const told = toldFinding('public port', where, seen?.public ?? null);
  if (told !== null) return told;
  const remedy = `start the relay, open port ${node.httpsPort} and forward it to this node`;
  const key = hexToBytes(self.id) ?? new Uint8Array();
  try {
    const { status, headers } = await ask({
      method: 'POST',
      url: `https://${where}/ping_test/v1`,
      headers: { 'content-type': 'application/octet-stream', host: `${encodeBase32z(key)}.snode` },
    });
    const isSelf = headers['x-oxen-snode-pubkey'] === Buffer.from(key).toString('base64');
    if (status === 200 && isSelf) {
      return pass('public port', `${where} answers with this node's key, as seen from this machine`);
    }
    return fail('public port', `something else answers at ${where}`, remedy);
  } catch (cause) {
    const says = `${where} does not answer (${codeOf(cause)}), as seen from this machine`;
    return fail('public port', `${says}; a router that does not lead back inside looks the same`, remedy);
  }
}

/**
 * Whether other nodes reach this one: an onion for us goes in at a peer, which has to pass it on to our listed peer port
 * (docs/protocol/onion.md §3). Only this node can open it, so an answer proves the whole way.
 */
export async function checkPeerPort(
  self: NodeKey | null,
  node: ListedNode | null,
  { answers }: AskedPeers,
  seen: SeenByPeers,
): Promise<Finding> {
  if (self === null || node === null) return skip('peer port', 'there is no listed node for others to reach');
  const peers = answers.slice(0, PEERS_TRIED);
  if (peers.length === 0) {
    const told = toldFinding('peer port', `${node.ip}:${node.peerPort}`, seen?.peer ?? null);
    return told ?? skip('peer port', 'no other node answers, so none can be asked whether it reaches us');
  }
  const failures: string[] = [];
  for (const peer of peers) {
    const failure = await failureThrough(peer.node, self);
    if (failure === null) {
      return pass('peer port', `another node reaches this one at ${node.ip}:${node.peerPort}, from outside`);
    }
    failures.push(failure);
  }
  const says = `${failures.length} of ${failures.length} nodes asked do not reach ${node.ip}:${node.peerPort} (${failures.at(-1)})`;
  return fail('peer port', says, `start the relay, open port ${node.peerPort} and forward it to this node`);
}

/** Null when the answer came back. */
async function failureThrough(peer: ListedNode, self: NodeKey): Promise<string | null> {
  const x25519 = noblePrimitives.ed25519ToX25519(hexToBytes(peer.ed25519) ?? new Uint8Array());
  if (x25519 === null) return 'its key is unusable';
  const onion = buildOnion(noblePrimitives, randomBytes, {
    path: [{ ed25519: peer.ed25519, x25519: bytesToHex(x25519) }],
    destination: { ed25519: self.id, x25519: bytesToHex(self.x25519.publicKey) },
    payload: utf8('{"jsonrpc":"2.0","method":"info","params":{}}'),
  });
  try {
    const url = `https://${peer.ip}:${peer.httpsPort}/onion_req/v2`;
    const { status, body } = await ask({ method: 'POST', url, body: onion.body });
    if (status !== 200) return `it answers ${status}`;
    parseNodeReply(onion.open(body)); // whatever the reply: only this node could make one
    return null;
  } catch (cause) {
    return codeOf(cause);
  }
}
