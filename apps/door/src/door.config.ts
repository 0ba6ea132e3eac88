import { z } from 'zod';
import { adminSettings, hostSetting, listSetting, numberSetting, portSetting } from '#platform';

export const DOOR_PREFIX = 'DOOR_';

/** Below what the platform grants a whole shutdown, after which it cuts off whatever is left. */
const MAX_DRAIN_MS = 50_000;
const MAX_PORT = 65_535;

export const doorSchema = z.strictObject({
  ...adminSettings(DOOR_PREFIX, 9_104),
  DOOR_HTTPS_HOST: hostSetting('0.0.0.0', 'address of the public port'),
  DOOR_HTTPS_PORT: portSetting(22_021, 'public port, where clients come in'),
  DOOR_PEER_HOST: hostSetting('0.0.0.0', 'address of the peer port'),
  DOOR_PEER_PORT: portSetting(22_020, 'peer port, where other nodes come in'),
  DOOR_RELAYS: listSetting()
    .unwrap()
    .refine((names) => names.length > 0 && names.every(isHost), 'must be host names or addresses')
    .describe('relays to share the connections: names, each with all its addresses, or addresses; with commas'),
  DOOR_RELAY_HTTPS_PORT: numberSetting(1, MAX_PORT, 22_021, 'public port of each relay'),
  DOOR_RELAY_PEER_PORT: numberSetting(1, MAX_PORT, 22_020, 'peer port of each relay'),
  DOOR_DRAIN_MS: numberSetting(
    0,
    MAX_DRAIN_MS,
    10_000,
    'how long connections may go on after a request to stop; idle clients leave within 10 s, other nodes stay',
  ),
});

export type DoorConfig = Readonly<z.infer<typeof doorSchema>>;

const isHost = (text: string): boolean => /^[a-zA-Z0-9_.:-]{1,253}$/.test(text);
