import type { TLSSocket } from 'node:tls';

/**
 * The Ed25519 key that the other side proved to hold in the handshake, as 64 lower-case hex digits; undefined for a
 * peer without a certificate or with a key of another kind. Names and dates in the certificate say nothing.
 */
export function provenKey(socket: TLSSocket): string | undefined {
  const key = socket.getPeerX509Certificate()?.publicKey;
  if (key?.asymmetricKeyType !== 'ed25519') return undefined;
  const { x } = key.export({ format: 'jwk' });
  return x === undefined ? undefined : Buffer.from(x, 'base64url').toString('hex');
}
