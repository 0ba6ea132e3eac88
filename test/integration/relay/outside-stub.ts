import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer as createHttp, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  Certificate,
  Extension,
  Extensions,
  GeneralName,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';

export interface OutsideRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A server outside the network: one program on a TLS port and on a plain one. */
export class OutsideStub {
  readonly requests: OutsideRequest[] = [];
  connections = 0;
  answer: (response: ServerResponse) => void = (response) => response.end('relay says hello');
  readonly certificate: { certPem: string; keyPem: string };
  private readonly servers;

  constructor(name: string) {
    this.certificate = certificateFor(name);
    const { certPem: cert, keyPem: key } = this.certificate;
    this.servers = [createHttps({ cert, key }, this.serve), createHttp(this.serve)] as const;
    for (const server of this.servers) server.on('connection', () => (this.connections += 1));
  }

  async start(): Promise<void> {
    await Promise.all(
      this.servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))),
    );
  }

  /** Port for `https:` or `http:`. */
  port(protocol: string): number {
    const server = this.servers[protocol === 'https:' ? 0 : 1];
    return (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const server of this.servers) server.closeAllConnections();
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  private readonly serve: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      this.requests.push({ method, path: url, headers, body: Buffer.concat(chunks) });
      this.answer(response);
    });
  };
}

/** Self-signed, for one DNS name. */
function certificateFor(dnsName: string): { certPem: string; keyPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' }); // ECDSA with SHA-256
  const commonName = new AttributeTypeAndValue({ type: '2.5.4.3', value: new AttributeValue({ utf8String: dnsName }) });
  const name = new Name([new RelativeDistinguishedName([commonName])]);
  const names = new SubjectAlternativeName([new GeneralName({ dNSName: dnsName })]);
  const now = Date.now();
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: exact(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    signature: algorithm,
    issuer: name,
    subject: name,
    validity: new Validity({ notBefore: new Date(now - 86_400_000), notAfter: new Date(now + 86_400_000) }),
    subjectPublicKeyInfo: AsnConvert.parse(publicKey.export({ format: 'der', type: 'spki' }), SubjectPublicKeyInfo),
    extensions: new Extensions([
      new Extension({ extnID: '2.5.29.17', extnValue: new OctetString(AsnConvert.serialize(names)) }),
    ]),
  });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(tbsCertificate)), privateKey);
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: algorithm,
    signatureValue: exact(signature),
  });
  const lines =
    Buffer.from(AsnConvert.serialize(certificate))
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return {
    certPem: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    keyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

const exact = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;
