import type { AccountId } from '../account-id.js';
import { TEXTS } from '../texts.js';
import { ACCOUNT_FIELDS, requireOneAccount } from './account-field.js';
import { readFields, type RpcParams } from './params.js';

/** docs/protocol/storage-rpc.md §8.11 */
export interface GetSwarmRequest {
  readonly method: 'get_swarm';
  readonly account: AccountId;
}

/** Throws InvalidRequest. */
export function parseGetSwarm(params: RpcParams): GetSwarmRequest {
  return {
    method: 'get_swarm',
    account: requireOneAccount(readFields(params, ACCOUNT_FIELDS), TEXTS.parse.pubkeyGetSwarm),
  };
}
