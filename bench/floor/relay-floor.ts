/**
 * The floor of a relayed hop: what the bytes cost in plain node:https and node:crypto, with no framework, no
 * membership, no limits and no certificate checks. It reads an entry request (AES-256-GCM), opens the layer and
 * posts the next frame on, exactly the bytes our relay handles.
 *
 * usage: relay-floor CERT KEY NEXT_HOP_PORT X25519_SECRET_HEX; prints its port.
 */
import { createDecipheriv, createHmac, createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';

const [certFile = '', keyFile = '', nextPort = '', secretHex = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 64, rejectUnauthorized: false });

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const secretKey = createPrivateKey({
  key: { kty: 'OKP', crv: 'X25519', d: base64url(Buffer.from(secretHex, 'hex')), x: base64url(new Uint8Array(32)) },
  format: 'jwk',
});

/** Splits `N | N bytes | JSON` (N: uint32 little-endian). */
function split(frame: Buffer): { blob: Buffer; control: Record<string, unknown> } {
  const length = frame.readUInt32LE(0);
  const control = JSON.parse(frame.subarray(4 + length).toString('utf8')) as Record<string, unknown>;
  return { blob: frame.subarray(4, 4 + length), control };
}

function open(sealed: Buffer, ephemeralHex: string): Buffer {
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'X25519', x: base64url(Buffer.from(ephemeralHex, 'hex')) },
    format: 'jwk',
  });
  const shared = diffieHellman({ privateKey: secretKey, publicKey });
  const key = createHmac('sha256', 'LOKI').update(shared).digest();
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
}

/** The node-to-node frame: a bencoded dictionary with its keys in order. */
function hopFrame(ciphertext: Buffer, ephemeralHex: string): Buffer {
  return Buffer.concat([
    Buffer.from(`d4:data${ciphertext.length}:`),
    ciphertext,
    Buffer.from('8:enc_type7:aes-gcm13:ephemeral_key32:'),
    Buffer.from(ephemeralHex, 'hex'),
    Buffer.from('6:hop_noi1ee'),
  ]);
}

const server = createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, (incoming, answer) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    const entry = split(Buffer.concat(chunks));
    const layer = split(open(entry.blob, String(entry.control.ephemeral_key)));
    const frame = hopFrame(layer.blob, String(layer.control.ephemeral_key));
    const headers = { 'content-length': frame.length, 'content-type': 'application/octet-stream' };
    const onward = request(
      { agent, host: '127.0.0.1', port: nextPort, method: 'POST', path: '/', headers },
      (reply) => {
        const parts: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => parts.push(chunk));
        reply.on('end', () => {
          const body = Buffer.concat(parts);
          answer.writeHead(reply.statusCode ?? 500, { 'content-type': 'text/plain', 'content-length': body.length });
          answer.end(body);
        });
      },
    );
    onward.on('error', (cause) => answer.writeHead(502).end(cause.message));
    onward.end(frame);
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
