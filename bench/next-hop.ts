/**
 * The node behind the relay under test: answers each frame at once with a reply of a usual size, on a peer port for our
 * relay and on plain HTTPS for the floor program. Its own cost is not counted.
 *
 * usage: next-hop SEED_HEX RELAY_KEY_HEX FOLDER; prints both ports.
 */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { loadOrCreateTlsPair, SystemClock } from '#platform';
import { PeerServer } from '#transport';
import { StderrLog } from './stderr-log.js';

const [seedHex = '', relayKey = '', folder = ''] = process.argv.slice(2);
/** As long as the sealed reply to a short request. */
const reply = { status: 200, body: Buffer.alloc(300, 'A') };

const clock = new SystemClock();
const peers = new PeerServer({
  seed: Buffer.from(seedHex, 'hex'),
  isMember: (key) => key === relayKey,
  handlers: {
    onion: () => Promise.resolve(reply),
    commands: (all) => all.map(() => Promise.resolve(reply)),
    standing: () => Promise.reject(new Error('nobody asks here')),
  },
  clock,
  log: new StderrLog(),
});
const peerPort = await peers.listen('127.0.0.1', 0);

const { certPem, keyPem } = loadOrCreateTlsPair(folder, 'folder', clock.now());
/** Longer than the turn of the other relay: a connection that closes just as it is used again fails the floor program. */
const KEEP_ALIVE_MS = 60_000;
const plain = createServer({ cert: certPem, key: keyPem, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
  request.resume().on('end', () => {
    response.writeHead(reply.status, { 'content-length': reply.body.length });
    response.end(reply.body);
  });
});
plain.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${peerPort} ${(plain.address() as AddressInfo).port}\n`);
});
