import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { SystemClock } from '#platform';
import { bencode, type Bencodable } from '#protocol';
import { NodeCertificate } from '../../../libs/transport/src/identity.js';
import type { NodeVector } from '../../vectors/onion-vectors.js';
import { hex } from '../../vectors/onion-vectors.js';

/** A next hop with the right key whose answers are no answers: our own peer port could not give them. */
export async function startRawPeer(
  node: NodeVector,
  answer: Bencodable,
  status = 200,
): Promise<{ port: number; stop: () => Promise<void> }> {
  const bytes = answer instanceof Uint8Array ? answer : bencode(answer);
  const { options } = new NodeCertificate(hex(node.ed25519_seed), new SystemClock());
  const server = createServer({ ...options, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    request.resume().on('end', () => response.writeHead(status, { 'content-length': bytes.length }).end(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
