import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
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

type CertifiedName = { readonly dNSName: string } | { readonly iPAddress: string };

/** For names or addresses; whoever is given the certificate as an authority trusts it. */
export function selfSigned(of: readonly CertifiedName[]): { certPem: string; keyPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' }); // ECDSA with SHA-256
  // Each has a name of its own: among authorities of one name only the first would be tried.
  const utf8String = `test ${randomBytes(8).toString('hex')}`;
  const commonName = new AttributeTypeAndValue({ type: '2.5.4.3', value: new AttributeValue({ utf8String }) });
  const name = new Name([new RelativeDistinguishedName([commonName])]);
  const names = new SubjectAlternativeName(of.map((each) => new GeneralName(each)));
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
