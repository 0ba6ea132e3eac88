import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { plainAddress } from '../lifecycle/plain-address.js';
import { ServiceUnreachable } from '../lifecycle/start-problem.js';

export interface NatsSettings {
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Shown in the server's monitoring. */
  readonly name: string;
}

/** The largest reply is a page of messages of 7.8 MB and its frame; less would cut it. */
const MIN_PAYLOAD_BYTES = 12 * 1024 * 1024;
/** A server that starts together with us has this long to answer. */
const START_PATIENCE_MS = 15_000;
const CONNECT_TIMEOUT_MS = 3_000;
const RECONNECT_WAIT_MS = 250;
/** A dead peer is noticed within two of these. */
const PING_INTERVAL_MS = 5_000;

/** Connects and stays connected: after a loss it tries again for ever. Throws ServiceUnreachable. */
export async function connectNats(settings: NatsSettings): Promise<NatsConnection> {
  const connection = await firstConnection(settings);
  const payload = connection.info?.max_payload ?? 0;
  if (payload < MIN_PAYLOAD_BYTES) {
    await connection.close();
    throw new ServiceUnreachable(
      `NATS at ${plainAddress(settings.url)} allows messages of ${payload} bytes only; set max_payload: 12MB in its configuration`,
    );
  }
  return connection;
}

async function firstConnection(settings: NatsSettings): Promise<NatsConnection> {
  const options: ConnectionOptions = {
    servers: settings.url,
    name: settings.name,
    timeout: CONNECT_TIMEOUT_MS,
    reconnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: 2,
    ignoreAuthErrorAbort: true,
  };
  if (settings.user !== undefined) options.user = settings.user;
  if (settings.password !== undefined) options.pass = settings.password;

  const giveUpAt = performance.now() + START_PATIENCE_MS;
  for (;;) {
    try {
      return await connect(options);
    } catch (cause) {
      const name = cause instanceof Error ? cause.name : '';
      if (name === 'AuthorizationError') {
        throw new ServiceUnreachable(
          `NATS at ${plainAddress(settings.url)} refuses the user or password; check the NATS_USER and NATS_PASSWORD settings`,
        );
      }
      if (performance.now() > giveUpAt) {
        throw new ServiceUnreachable(
          `NATS at ${plainAddress(settings.url)} does not answer; start it, or correct the NATS_URL setting`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_WAIT_MS));
    }
  }
}
