import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { refusedSentence, silentSentence, START_PATIENCE_MS, type NeededServer } from '../lifecycle/needed-server.js';
import { plainAddress } from '../lifecycle/plain-address.js';
import { distrustOf, distrustSentence, tlsOptions } from '../tls/server-trust.js';
import { ServiceUnreachable } from '../lifecycle/start-problem.js';

/** Its address is `nats://host:port`, or `tls://host:port` for a server that must speak TLS; user and password may stand in it. */
export type NatsSettings = NeededServer;

/** The largest reply is a page of messages of 7.8 MB and its frame; less would cut it. */
const MIN_PAYLOAD_BYTES = 12 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 3_000;
const RECONNECT_WAIT_MS = 250;
/** So that a hundred services do not come back to a server in the same instant. */
const RECONNECT_JITTER_MS = 250;
/** A dead peer is noticed within two of these. */
const PING_INTERVAL_MS = 5_000;

/** Connects and stays connected: after a loss it tries again for ever. Throws ServiceUnreachable. */
export async function connectNats(settings: NatsSettings): Promise<NatsConnection> {
  const connection = await firstConnection(settings);
  const problem = unfitness(connection, settings);
  if (problem === null) return connection;
  await connection.close();
  throw new ServiceUnreachable(`NATS at ${plainAddress(settings.url)} ${problem}`);
}

/** Why the server is not to be used, and what to do. */
function unfitness({ info }: NatsConnection, { mustAskForPassword }: NatsSettings): string | null {
  const payload = info?.max_payload ?? 0;
  if (payload < MIN_PAYLOAD_BYTES) {
    return `allows messages of ${payload} bytes only; set max_payload: 12MB in its configuration`;
  }
  if (mustAskForPassword && info?.auth_required !== true) {
    return 'lets anybody in, without a password; give it users in its configuration';
  }
  return null;
}

async function firstConnection(settings: NatsSettings): Promise<NatsConnection> {
  const options = optionsFor(settings);
  const { url, prefix = '' } = settings;
  const where = plainAddress(url);
  const giveUpAt = performance.now() + (settings.patienceMs ?? START_PATIENCE_MS);
  for (;;) {
    try {
      return await connect(options);
    } catch (cause) {
      const name = cause instanceof Error ? cause.name : '';
      if (name === 'AuthorizationError') {
        throw new ServiceUnreachable(refusedSentence('NATS', where, settings));
      }
      const distrust = distrustOf(cause);
      if (distrust !== null) throw new ServiceUnreachable(distrustSentence('NATS', where, distrust, prefix));
      if (performance.now() > giveUpAt) {
        throw new ServiceUnreachable(silentSentence('NATS', where, reasonOf(cause), settings));
      }
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_WAIT_MS));
    }
  }
}

function optionsFor({ url, user, password, name, caFile, prefix = '' }: NatsSettings): ConnectionOptions {
  const { protocol, host, hostname, username, password: inUrl } = new URL(url);
  const options: ConnectionOptions = {
    servers: host,
    name,
    timeout: CONNECT_TIMEOUT_MS,
    reconnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: 2,
    ignoreAuthErrorAbort: true, // a password that is being changed is no reason to give up
    noAsyncTraces: true, // a stack for each request costs more than the request
  };
  if (protocol === 'tls:') options.tls = tlsOptions(hostname, caFile, `${prefix}NATS_CA_FILE`);
  const givenUser = user ?? decodeURIComponent(username);
  const givenPassword = password ?? decodeURIComponent(inUrl);
  if (givenUser !== '') options.user = givenUser;
  if (givenPassword !== '') options.pass = givenPassword;
  return options;
}

/** The system's code or the kind of error; texts of drivers are for programmers. */
function reasonOf(cause: unknown): string {
  for (let error: unknown = cause; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string') return error.code;
    if (!(error.cause instanceof Error)) return error.name;
  }
  return 'unknown';
}
