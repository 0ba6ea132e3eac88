import { parseActiveNodes, type ActiveNodesRequest } from './active-nodes.js';
import { parseDelete, type DeleteRequest } from './delete.js';
import { parseDeleteAll, type DeleteAllRequest } from './delete-all.js';
import { parseDeleteBefore, type DeleteBeforeRequest } from './delete-before.js';
import { parseExpire, type ExpireRequest } from './expire.js';
import { parseExpireAll, type ExpireAllRequest } from './expire-all.js';
import { parseGetExpiries, type GetExpiriesRequest } from './get-expiries.js';
import { parseGetSwarm, type GetSwarmRequest } from './get-swarm.js';
import { parseInfo, type InfoRequest } from './info.js';
import { parseOxendRequest, type OxendRequest } from './oxend-request.js';
import type { RpcParams } from './params.js';
import { parseRetrieve, type RetrieveRequest } from './retrieve.js';
import { parseRevoke, parseUnrevoke, type RevocationRequest } from './revocation.js';
import { parseStore, type StoreRequest } from './store.js';

/** Requests that other members of the swarm carry out as well. */
export type RecursiveRequest =
  | StoreRequest
  | DeleteRequest
  | DeleteAllRequest
  | DeleteBeforeRequest
  | ExpireRequest
  | ExpireAllRequest
  | RevocationRequest;

/** Requests that hold no other requests. */
export type SimpleRequest =
  | RecursiveRequest
  | RetrieveRequest
  | GetExpiriesRequest
  | GetSwarmRequest
  | InfoRequest
  | OxendRequest
  | ActiveNodesRequest;

/** One way to read a method's parameters; throws InvalidRequest. */
type Parser<R> = (params: RpcParams) => R;

/** By name on the wire, aliases included. A map, so that no name finds a method of Object. */
export const RECURSIVE_METHODS: ReadonlyMap<string, Parser<RecursiveRequest>> = new Map<
  string,
  Parser<RecursiveRequest>
>([
  ['store', parseStore],
  ['delete', parseDelete],
  ['delete_all', parseDeleteAll],
  ['delete_before', parseDeleteBefore],
  ['expire', parseExpire],
  ['expire_all', parseExpireAll],
  ['revoke_subaccount', parseRevoke],
  ['unrevoke_subaccount', parseUnrevoke],
]);

export const SIMPLE_METHODS: ReadonlyMap<string, Parser<SimpleRequest>> = new Map<string, Parser<SimpleRequest>>([
  ...RECURSIVE_METHODS,
  ['retrieve', parseRetrieve],
  ['get_expiries', parseGetExpiries],
  ['get_swarm', parseGetSwarm],
  ['get_snodes_for_pubkey', parseGetSwarm],
  ['info', parseInfo],
  ['oxend_request', parseOxendRequest],
  ['active_nodes_bin', parseActiveNodes],
]);
