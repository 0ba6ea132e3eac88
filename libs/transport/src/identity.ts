import { constants } from 'node:crypto';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import { ed25519Certificate, type Clock } from '#platform';

/** Far below the years for which a certificate is valid, and rare enough to cost nothing. */
const RENEW_AFTER_MS = 30 * 86_400_000;

/** What a node shows to others. Made anew long before it ends, however long the process runs. docs/protocol/peer.md §2.5 */
export class NodeCertificate {
  #options: SecureContextOptions | undefined;
  #madeAt = 0;

  /** `seed` is the node's Ed25519 seed (32 bytes). */
  constructor(
    private readonly seed: Uint8Array,
    private readonly clock: Clock,
  ) {}

  /** The same object until it is renewed. */
  get options(): SecureContextOptions {
    const now = this.clock.now();
    if (this.#options === undefined || now - this.#madeAt >= RENEW_AFTER_MS) {
      this.#options = nodeTls(this.seed, now);
      this.#madeAt = now;
    }
    return this.#options;
  }
}

/** Certificate, key and TLS rules of a node, for both ends of a connection. docs/protocol/peer.md §2 */
function nodeTls(seed: Uint8Array, nowMs: number): SecureContextOptions {
  const { certPem, keyPem } = ed25519Certificate(seed, nowMs);
  return {
    cert: certPem,
    key: keyPem,
    minVersion: 'TLSv1.3',
    sigalgs: 'ed25519', // whoever has a key of another kind fails in the handshake
    ciphers: 'TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384',
    secureOptions: constants.SSL_OP_NO_TICKET, // each connection proves its key anew
  };
}

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
