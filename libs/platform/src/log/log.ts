export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/**
 * What a log line may say besides its event. The list is closed on purpose: no account, client address, message hash,
 * key or body has a place in it.
 */
export interface LogFields {
  readonly method?: string;
  readonly status?: number;
  readonly outcome?: string;
  /** A sentence about a cause outside or a fault; never text that a request brought. */
  readonly reason?: string;
  readonly count?: number;
  readonly bytes?: number;
  readonly ms?: number;
  readonly port?: number;
  readonly height?: number;
  readonly version?: string;
  readonly backend?: string;
  readonly name?: string;
  /** Places in our code, `file.js:line:column`. */
  readonly at?: string;
}

/** The fields of LogFields, checked again at run time: types end where casts begin. */
export const LOG_FIELDS = Object.keys({
  method: true,
  status: true,
  outcome: true,
  reason: true,
  count: true,
  bytes: true,
  ms: true,
  port: true,
  height: true,
  version: true,
  backend: true,
  name: true,
  at: true,
} satisfies Record<keyof LogFields, true>) as readonly (keyof LogFields)[];

/** A line is the name of an event and allowed fields. Outside causes are `info` or `warn`; `error` is a fault of this node. */
export abstract class Log {
  abstract trace(event: string, fields?: LogFields): void;
  abstract debug(event: string, fields?: LogFields): void;
  abstract info(event: string, fields?: LogFields): void;
  abstract warn(event: string, fields?: LogFields): void;
  abstract error(event: string, fields?: LogFields): void;
}
