import { isIPv6 } from 'node:net';
import { z } from 'zod';
import { commonSettings, flagSetting, hostSetting, listSetting, numberSetting, portSetting } from '#platform';

export const RELAY_PREFIX = 'RELAY_';

/** Below what the platform grants a whole shutdown, after which it cuts off whatever is left. */
const MAX_DRAIN_MS = 50_000;

/** Cores of a large machine; each process takes some 100 MiB. */
const MAX_WORKERS = 64;
/** More than a process can do; keeps the time until a token is back above a microsecond. */
const MAX_PER_SECOND = 100_000;
/** Faster than the line of any machine. */
const MAX_MBIT = 100_000;

export const relaySchema = z.strictObject({
  ...commonSettings(RELAY_PREFIX, 9_101),
  RELAY_STATE_DIR: z
    .string()
    .min(1)
    .describe('directory for the TLS certificate of the public port, which is made at the first start'),
  RELAY_TLS_CERT_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'certificate of the public port in PEM, instead of that in the state directory; read again when it changes',
    ),
  RELAY_TLS_KEY_FILE: z.string().min(1).optional().describe('its key in PEM'),
  RELAY_HTTPS_HOST: hostSetting('0.0.0.0', 'address of the public port'),
  RELAY_HTTPS_PORT: portSetting(22_021, 'public port, where clients come in'),
  RELAY_PEER_HOST: hostSetting('0.0.0.0', 'address of the peer port'),
  RELAY_PEER_PORT: portSetting(22_020, 'peer port, where other nodes come in'),
  RELAY_BEHIND_DOOR: flagSetting(
    false,
    'the two ports are reached through a door, which says whose each connection is; nobody else may reach them then',
  ),
  RELAY_OUTSIDE_ALLOW: listSetting()
    .transform((entries) => entries.map((entry) => entry.toLowerCase()))
    .refine((entries) => entries.every(isHostAndPort), 'must be host:port pairs, IPv6 addresses in brackets')
    .describe('outside servers that may be called although not public: host:port, with commas'),
  RELAY_OUTSIDE: z
    .enum(['public', 'listed'], 'must be public or listed')
    .default('public')
    .describe(
      'outside servers that may be called: all public ones and those of RELAY_OUTSIDE_ALLOW, or the latter only',
    ),
  RELAY_ALLOW_AES_CBC: flagSetting(
    true,
    'open layers in AES-CBC, which has no authentication; some old clients use it',
  ),
  RELAY_WORKERS: numberSetting(1, MAX_WORKERS, 1, 'processes that share the ports; each has limits of its own'),
  RELAY_REPLAYS: z
    .enum(['pass', 'refuse'], 'must be pass or refuse')
    .default('pass')
    .describe(
      'what becomes of an onion that came before within ten minutes; clients that try again may send one twice',
    ),
  RELAY_RPC_PER_SECOND: numberSetting(
    0,
    MAX_PER_SECOND,
    300,
    'requests for storage without an onion that one source may make in a second, and twice as many at once; 0: no limit',
  ),
  RELAY_ONIONS_PER_SECOND: numberSetting(
    0,
    MAX_PER_SECOND,
    0,
    'the same for onions; many people may share an address, so be generous; 0: no limit',
  ),
  RELAY_MAX_MBIT: numberSetting(
    0,
    MAX_MBIT,
    0,
    'megabits a second that this relay may move over its ports and to others, in and out together; 0: no limit',
  ),
  RELAY_DRAIN_MS: numberSetting(0, MAX_DRAIN_MS, 30_000, 'how long requests at work may take after a request to stop'),
});

export type RelayConfig = Readonly<z.infer<typeof relaySchema>>;

/** As a request to the server would name it, so that both compare as text. */
function isHostAndPort(entry: string): boolean {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(entry) ?? [];
  const isHost = host.startsWith('[') ? host.endsWith(']') && isIPv6(host.slice(1, -1)) : /^[a-z0-9._-]+$/.test(host);
  return isHost && Number(port) >= 1 && Number(port) <= 65_535;
}
