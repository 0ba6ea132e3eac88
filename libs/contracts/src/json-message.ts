import { z } from 'zod';
import { ContractError } from './contract-error.js';
import { CONTRACT_VERSION } from './subjects.js';

/** A small message as JSON, with the version of the contract. */
export const encodeJson = (fields: object): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ contract: CONTRACT_VERSION, ...fields }));

/** Members that this version does not know are left out. Throws ContractError; `name` says of what. */
export function decodeJson<T>(schema: z.ZodType<T>, name: string, bytes: Uint8Array): T {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ContractError(`${name} is not JSON`);
  }
  const result = z.object({ contract: z.literal(CONTRACT_VERSION) }).safeParse(json);
  const message = schema.safeParse(json);
  if (!result.success) throw new ContractError(`${name} is of another contract`);
  if (!message.success) throw new ContractError(`${name}: ${z.prettifyError(message.error)}`);
  return message.data;
}
