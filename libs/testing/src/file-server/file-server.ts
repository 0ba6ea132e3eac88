import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nativePrimitives } from '#platform';
import {
  PayloadError,
  openLayer,
  parseEncType,
  sealReply,
  splitPayload,
  type OpenedLayer,
  type ServerTarget,
} from '#protocol';
import { Files } from './files.js';
import { V3, V4, type OnionVersion } from './onion-versions.js';

const VERSIONS: Readonly<Record<string, OnionVersion>> = {
  '/oxen/v4/lsrpc': V4,
  '/oxen/v3/lsrpc': V3,
  '/loki/v3/lsrpc': V3,
};
/** The largest that a node passes on. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** A file server as nodes and clients of the network know it, on plain HTTP. docs/protocol/onion.md §4.4 */
export class FileServer {
  readonly files = new Files();
  readonly #primitives = nativePrimitives();
  readonly #secretKey = randomBytes(32);
  readonly #publicKey = this.#primitives.x25519PublicKey(this.#secretKey);
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'text/plain', 'content-length': body.length }).end(body);
      });
    });
  }

  static async start(): Promise<FileServer> {
    const server = new FileServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** For RELAY_OUTSIDE_ALLOW: nodes call nothing on their own machine otherwise. */
  get authority(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** How a client names it. */
  target(path: keyof typeof VERSIONS = '/oxen/v4/lsrpc'): ServerTarget {
    return {
      host: '127.0.0.1',
      port: this.port,
      protocol: 'http',
      target: path,
      x25519: Buffer.from(this.#publicKey).toString('hex'),
      base64Reply: VERSIONS[path]?.isBase64 === true,
    };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: Uint8Array | string }> {
    const version = VERSIONS[request.url ?? ''];
    if (request.method !== 'POST' || version === undefined) return { status: 404, body: 'Not Found' };
    const body = await bodyOf(request);
    const layer = body && this.#open(body);
    if (layer === null) return { status: 400, body: 'Bad Request' };
    const asked = version.read(layer.plaintext);
    const reply = asked === null ? version.invalid : this.files.answer(asked);
    const sealed = sealReply(this.#primitives, randomBytes, layer, version.write(reply));
    return { status: 200, body: version.isBase64 ? Buffer.from(sealed).toString('base64') : sealed };
  }

  /** Null for what is no frame or was not sealed for this server. */
  #open(frame: Uint8Array): OpenedLayer | null {
    const control = controlOf(frame);
    if (control === null) return null;
    const encType = parseEncType(control.encType);
    if (encType === null || encType === 'aes-cbc') return null;
    const ephemeralKey = Buffer.from(control.ephemeralKey, 'hex');
    const { blob: ciphertext } = splitPayload(frame);
    const own = { secretKey: this.#secretKey, publicKey: this.#publicKey };
    return openLayer(this.#primitives, { ciphertext, encType, ephemeralKey, ...own });
  }
}

/** Null when it is too long. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function controlOf(frame: Uint8Array): { ephemeralKey: string; encType: string | undefined } | null {
  try {
    const control: unknown = JSON.parse(Buffer.from(splitPayload(frame).json).toString('utf8'));
    if (typeof control !== 'object' || control === null || !('ephemeral_key' in control)) return null;
    const encType = 'enc_type' in control ? control.enc_type : undefined;
    const { ephemeral_key: ephemeralKey } = control;
    if (typeof ephemeralKey !== 'string' || (encType !== undefined && typeof encType !== 'string')) return null;
    return /^[0-9a-f]{64}$/i.test(ephemeralKey) ? { ephemeralKey, encType } : null;
  } catch (cause) {
    if (cause instanceof PayloadError || cause instanceof SyntaxError) return null;
    throw cause;
  }
}
