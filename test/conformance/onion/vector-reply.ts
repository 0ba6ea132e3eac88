import { noblePrimitives, unseal } from '#protocol';
import type { Reply } from '../../integration/relay/https-client.js';
import { hex, type OnionRequestVector } from '../../vectors/onion-vectors.js';

/** The plaintext of the answer to a vector's request; throws when it is not sealed, or not in the form asked for. */
export function openVectorReply({ response }: OnionRequestVector, reply: Reply): string {
  const asBytes = response.http_body !== undefined;
  const sealed = asBytes ? reply.body : Buffer.from(reply.text, 'base64');
  if (!asBytes && sealed.toString('base64') !== reply.text) throw new Error('not base64');
  const plaintext = unseal(noblePrimitives, { encType: response.enc_type, key: hex(response.key) }, sealed);
  if (plaintext === null) throw new Error(`no sealed reply: ${reply.status}`);
  return Buffer.from(plaintext).toString();
}
