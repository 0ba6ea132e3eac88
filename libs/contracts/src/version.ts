import { judgeVersion, TOLERATED_VERSIONS, type OtherVersion } from '#protocol';
import { ContractError } from './contract-error.js';

/**
 * Version of everything in this library. Raised with a change that older services would misread; a message of the next
 * version still has to be readable as one of this. docs/decisions/0005-contract-versions.md
 */
export const CONTRACT_VERSION = 1;

/** A version that is too far from ours. The message is a sentence for operators. */
export class ContractSkew extends ContractError {
  constructor(version: number) {
    const [from, to] = [Math.max(1, CONTRACT_VERSION - TOLERATED_VERSIONS), CONTRACT_VERSION + TOLERATED_VERSIONS];
    const older = version < CONTRACT_VERSION ? 'the other one' : 'this one';
    super(`a service speaks version ${version} of the contract, this one reads ${from} to ${to}; upgrade ${older}`);
    this.name = 'ContractSkew';
  }
}

/** Hears of each message of another version. */
export type MetVersion = (other: OtherVersion) => void;

/** Throws ContractSkew for a version that cannot be read; without one the message is none of ours. */
export function checkVersion(version: unknown, met?: MetVersion): void {
  if (version === CONTRACT_VERSION) return;
  if (typeof version !== 'number' || version < 1) throw new ContractError('a message without a version');
  const other = judgeVersion(version, CONTRACT_VERSION);
  met?.(other);
  if (other.outcome === 'refused') throw new ContractSkew(version);
}

/** What an operator is told of a message that was not read; undefined where only its bytes are wrong. */
export const skewIn = (cause: unknown): string | undefined =>
  cause instanceof ContractSkew ? cause.message : undefined;
