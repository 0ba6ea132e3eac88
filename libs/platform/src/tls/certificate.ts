import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  Certificate,
  Extension,
  Extensions,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  SubjectKeyIdentifier,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';

export interface TlsPair {
  readonly certPem: string;
  readonly keyPem: string;
}

const COMMON_NAME = '2.5.4.3';
const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const ED25519 = '1.3.101.112';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const DAY_MS = 86_400_000;
/** Clocks differ: a certificate made now must be valid for a peer that is behind. */
const BACKDATED_MS = 2 * DAY_MS;
/** Nobody checks the dates: identity is the key. Long enough never to matter. */
const VALID_DAYS = 10_000;

/** Self-signed certificate for an Ed25519 seed (32 bytes): the certificate's key is the node's identity. */
export function ed25519Certificate(seed: Uint8Array, nowMs: number): TlsPair {
  const head = Buffer.from('302e020100300506032b657004220420', 'hex'); // PKCS#8 of an Ed25519 seed
  const key = createPrivateKey({ key: Buffer.concat([head, seed]), format: 'der', type: 'pkcs8' });
  return { certPem: certificateFor(key, nowMs), keyPem: key.export({ format: 'pem', type: 'pkcs8' }).toString() };
}

/** A new key for the public listener. */
export const newP256Key = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

/** A self-signed certificate in PEM, for an Ed25519 or P-256 key. */
export function certificateFor(key: KeyObject, nowMs: number): string {
  const { algorithm, digest } = signatureOf(key);
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const name = commonName('starling');
  const keyId = createHash('sha1').update(spki).digest();
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: positiveSerial(),
    signature: new AlgorithmIdentifier({ algorithm }),
    issuer: name,
    subject: name,
    validity: new Validity({
      notBefore: new Date(nowMs - BACKDATED_MS),
      notAfter: new Date(nowMs + VALID_DAYS * DAY_MS),
    }),
    subjectPublicKeyInfo: AsnConvert.parse(spki, SubjectPublicKeyInfo),
    extensions: new Extensions([
      new Extension({
        extnID: SUBJECT_KEY_IDENTIFIER,
        extnValue: new OctetString(AsnConvert.serialize(new SubjectKeyIdentifier(keyId))),
      }),
    ]),
  });
  const signed = Buffer.from(AsnConvert.serialize(tbsCertificate));
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: new AlgorithmIdentifier({ algorithm }),
    signatureValue: exactBuffer(sign(digest, signed, key)),
  });
  return pem('CERTIFICATE', Buffer.from(AsnConvert.serialize(certificate)));
}

/** Object identifier of the signature, and the hash that goes with it. Throws RangeError for another kind of key. */
function signatureOf(key: KeyObject): { algorithm: string; digest: string | null } {
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return { algorithm: ED25519, digest: null };
    case 'ec':
      return { algorithm: ECDSA_WITH_SHA256, digest: 'sha256' };
    default:
      throw new RangeError('a key of this kind makes no certificate');
  }
}

function commonName(text: string): Name {
  const attribute = new AttributeTypeAndValue({ type: COMMON_NAME, value: new AttributeValue({ utf8String: text }) });
  return new Name([new RelativeDistinguishedName([attribute])]);
}

/** 16 random bytes that read as a positive integer. */
function positiveSerial(): ArrayBuffer {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return exactBuffer(serial);
}

const exactBuffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
