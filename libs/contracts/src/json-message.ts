import { z } from 'zod';
import { ContractError } from './contract-error.js';
import { checkVersion, CONTRACT_VERSION } from './version.js';

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
  checkVersion(versionIn(json));
  const message = schema.safeParse(json);
  if (!message.success) throw new ContractError(`${name}: ${z.prettifyError(message.error)}`);
  return message.data;
}

/** Undefined where there is none. */
export const versionIn = (json: unknown): unknown => z.object({ contract: z.int() }).safeParse(json).data?.contract;
