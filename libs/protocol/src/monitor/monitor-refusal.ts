import { TEXTS } from '../texts.js';

/** docs/protocol/storage-rpc.md §10.3 */
export const MONITOR_ERRORS = {
  arguments: 1,
  key: 2,
  namespaces: 3,
  time: 4,
  signature: 5,
  wrongSwarm: 6,
} as const;

type MonitorErrorCode = (typeof MONITOR_ERRORS)[keyof typeof MONITOR_ERRORS];

/** Why there is no subscription. Its message is for the client. */
export class MonitorRefusal extends Error {
  constructor(
    readonly code: MonitorErrorCode,
    message: string,
  ) {
    super(message);
  }
}

export const badArguments = (detail: string): MonitorRefusal =>
  new MonitorRefusal(MONITOR_ERRORS.arguments, TEXTS.monitor.invalid(detail));
