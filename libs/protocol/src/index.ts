export type { Ed25519KeyPair, Primitives, RandomBytes } from './primitives.js';
export { AccountId, SESSION_ID_PREFIX } from './account-id.js';
export { encodeBase32z } from './base32z.js';
export { decodeBase64, encodeBase64, encodeBase64Unpadded } from './base64.js';
export { bdecode, bencode, InvalidBencode } from './bencode.js';
export type { Bencodable, BValue } from './bencode.js';
export {
  BadRequest,
  ClockSkew,
  Forbidden,
  InvalidRequest,
  Overloaded,
  ProtocolError,
  toWire,
  Unauthorized,
  WrongSwarm,
} from './errors.js';
export type { WireReply } from './errors.js';
export { bytesToHex, concatBytes, equalBytes, hexToBytes, utf8 } from './hex.js';
export { InvalidJson, isJsonObject, JsonFloat, parseJson, stringifyJson } from './json.js';
export type { JsonObject, JsonValue } from './json.js';
export { TIME_WINDOWS } from './time-windows.js';
export { messageHash } from './message-hash.js';
export { NAMESPACE_MAX, NAMESPACE_MIN, namespaceKind } from './namespaces.js';
export type { NamespaceKind } from './namespaces.js';
export { noblePrimitives } from './noble-primitives.js';
export { NodeKey } from './node-key.js';
export { judgeVersion, TOLERATED_VERSIONS } from './other-version.js';
export type { OtherVersion } from './other-version.js';
export { TEXTS } from './texts.js';
export { DEFAULT_ENC_TYPE, parseEncType } from './onion/enc-type.js';
export type { EncType } from './onion/enc-type.js';
export { parseEntry } from './onion/entry-request.js';
export type { EntryRequest } from './onion/entry-request.js';
export { decodeHopFrame, encodeHopFrame, MAX_ONION_HOPS } from './onion/hop-frame.js';
export type { HopFrame } from './onion/hop-frame.js';
export { clientLayerKey, nodeLayerKey, openLayer, seal, sealReply, unseal } from './onion/layer-cipher.js';
export type { LayerKey, LayerToOpen, OpenedLayer } from './onion/layer-cipher.js';
export { parseLayer } from './onion/layer.js';
export type { FinalAction, LayerAction, RelayNodeAction, RelayServerAction } from './onion/layer.js';
export { encodeNodeAnswer, encodeNodeReply, parseNodeReply } from './onion/node-reply.js';
export type { NodeAnswer, NodeReply } from './onion/node-reply.js';
export { buildOnion } from './onion/onion-builder.js';
export type { BuiltOnion, FinalControl, NodeTarget, OnionPlan, ServerTarget } from './onion/onion-builder.js';
export {
  InvalidHopFrame,
  InvalidLayer,
  InvalidUrl,
  OnionParseError,
  PathTooLong,
  PayloadError,
  UnreadableReply,
  UnusableNodeKey,
} from './onion/onion-errors.js';
export { onionTexts } from './onion/onion-texts.js';
export { joinPayload, splitPayload } from './onion/payload.js';
export type { OnionPayload } from './onion/payload.js';
export { buildV3Request, buildV4Request, parseV4Reply } from './onion/server-request.js';
export type { ServerReply, ServerRequest } from './onion/server-request.js';
export type { Circumstances, RequestProof, TimedProof } from './request-proof.js';
export type { ActiveNodesRequest } from './rpc/active-nodes.js';
export type { BatchRequest } from './rpc/batch.js';
export { authorizeDelete } from './rpc/delete.js';
export type { DeleteRequest } from './rpc/delete.js';
export { authorizeDeleteAll } from './rpc/delete-all.js';
export type { DeleteAllRequest } from './rpc/delete-all.js';
export { authorizeDeleteBefore } from './rpc/delete-before.js';
export type { DeleteBeforeRequest } from './rpc/delete-before.js';
export { authorizeExpire, permittedMode } from './rpc/expire.js';
export type { ExpireRequest, ExpiryMode } from './rpc/expire.js';
export { authorizeExpireAll } from './rpc/expire-all.js';
export type { ExpireAllRequest } from './rpc/expire-all.js';
export { encodeForwarded } from './rpc/forward.js';
export { authorizeGetExpiries } from './rpc/get-expiries.js';
export type { GetExpiriesRequest } from './rpc/get-expiries.js';
export type { GetSwarmRequest } from './rpc/get-swarm.js';
export { conditionHolds } from './rpc/ifelse.js';
export type { IfElseRequest } from './rpc/ifelse.js';
export type { InfoRequest } from './rpc/info.js';
export type { OxendRequest } from './rpc/oxend-request.js';
export { MAX_PAGE_COST, messageCost } from './rpc/page-limits.js';
export type { PageLimits } from './rpc/page-limits.js';
export { encodingOf, isMethod, parseCall, parseClientCall, parseForwardedCall } from './rpc/request.js';
export type { CallEncoding, RpcRequest } from './rpc/request.js';
export { authorizeRetrieve } from './rpc/retrieve.js';
export type { RetrieveRequest } from './rpc/retrieve.js';
export { authorizeRevocation } from './rpc/revocation.js';
export type { RevocationRequest } from './rpc/revocation.js';
export type { RecursiveRequest, SimpleRequest } from './rpc/simple-request.js';
export { authorizeStore, checkStoreTimes } from './rpc/store.js';
export type { StoreRequest } from './rpc/store.js';
export { authorizeMonitor } from './monitor/authorize-monitor.js';
export { encodeMonitorRefusal, encodeMonitorReply, parseMonitorCall } from './monitor/monitor-call.js';
export type { MonitorCall } from './monitor/monitor-call.js';
export { badArguments, MONITOR_ERRORS, MonitorRefusal } from './monitor/monitor-refusal.js';
export { parseMonitorRequest } from './monitor/monitor-request.js';
export type { MonitorRequest } from './monitor/monitor-request.js';
export { encodeNotification, parseNotification } from './monitor/notification.js';
export type { Notification } from './monitor/notification.js';
export { signingText } from './signing-text.js';
export type { NamespaceScope } from './signing-text.js';
export { SUBACCOUNT_FLAGS } from './subaccount.js';
export type { Subaccount } from './subaccount.js';
export { decodeMessage, encodeMessage, InvalidMessage } from './stream/parts.js';
export type { MessagePart } from './stream/parts.js';
export {
  decodeStandingAsk,
  decodeStandingReport,
  encodeStandingAsk,
  encodeStandingReport,
  INSTANCE_BYTES,
} from './standing/standing-report.js';
export type { StandingKnown, StandingReport, TestedSurface, TestOfAsker } from './standing/standing-report.js';
export { STREAM_TEXTS } from './stream/stream-texts.js';
export { encodeActiveNodes } from './swarm/active-nodes-bin.js';
export { NetworkView } from './swarm/network-view.js';
export type { NetworkSnapshot, NodeRecord, NodeState, Swarm } from './swarm/network-view.js';
export { INVALID_SWARM_ID, swarmIdToHex, swarmPoint } from './swarm/swarm-space.js';
export { composeSwarms, compositionSeed, nextSwarms } from './swarm/composition.js';
export type { SwarmMap } from './swarm/composition.js';
export { acceptList } from './membership/accept-list.js';
export { ListRefused } from './membership/list-refused.js';
export { snapshotFromList, swarmsOf, swarmsOfList } from './membership/list-snapshot.js';
export type { SnapshotDefaults } from './membership/list-snapshot.js';
export type { ListedNode } from './membership/listed-nodes.js';
export { hashNetworkList, NO_LIST, parseNetworkList } from './membership/network-list.js';
export type { NetworkList, NetworkListFields } from './membership/network-list.js';
export { makeNextList } from './membership/next-list.js';
export type { ListChanges, NextListOptions } from './membership/next-list.js';
export { serviceNodeStates } from './membership/service-node-states.js';
export { encodeSignedList, parseSignedList, signNetworkList, verifySignedList } from './membership/signed-list.js';
export type { ListSignature, ListTrust, SignedList } from './membership/signed-list.js';
