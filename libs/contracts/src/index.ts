export { decodeCommandAnswers, decodeCommandCall, encodeCommandAnswers, encodeCommandCall } from './command-frame.js';
export type { CallCommand, CommandAnswer, CommandCall } from './command-frame.js';
export { ContractError } from './contract-error.js';
export { decodeSnapshot, encodeSnapshot } from './membership.js';
export { decodeRpcAnswer, decodeRpcCall, encodeRpcAnswer, encodeRpcCall, rpcAnswerHead } from './rpc-frame.js';
export { decodeMonitorAnswer, decodeMonitorAsk, encodeMonitorAnswer, encodeMonitorAsk } from './monitor-frame.js';
export type { MonitorAnswer, MonitorGrant } from './monitor-frame.js';
export { decodeNewMessage, encodeNewMessage, newMessageShard, newMessageSubject } from './new-message-frame.js';
export type { RpcAnswer, RpcAnswerKind, RpcCall, RpcSource } from './rpc-frame.js';
export { SUBJECTS } from './subjects.js';
export { CONTRACT_VERSION, ContractSkew, skewIn } from './version.js';
export {
  decodeNodeStanding,
  decodeRelayReport,
  decodeStandingKnown,
  decodeStandingQuestion,
  encodeNodeStanding,
  encodeRelayReport,
  encodeStandingKnown,
  encodeStandingQuestion,
} from './standing.js';
export type { NodeStanding, RelayReport } from './standing.js';
