import { z } from 'zod';
import { commonSettings, hostSetting, numberSetting, orFile, portSetting } from '#platform';

export const SWARM_MANAGER_PREFIX = 'SWARM_MANAGER_';

const KEY = /^[0-9a-f]{64}$/i;
const HARDFORK = /^(\d{1,3})\.(\d{1,3})$/;

const administrators = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((key) => key.trim().toLowerCase())
      .filter((key) => key !== ''),
  )
  .refine(
    (keys) => keys.length > 0 && keys.every((key) => KEY.test(key)),
    'must be public keys of 64 hex digits, with commas between',
  )
  .refine((keys) => new Set(keys).size === keys.length, 'names a key twice');

const hardfork = z
  .string()
  .regex(HARDFORK, 'must be two numbers with a dot between, such as 19.4')
  .transform((text): readonly [number, number] => {
    const [, major, revision] = HARDFORK.exec(text) ?? [];
    return [Number(major), Number(revision)];
  });

/** A file, or where to fetch it: any other scheme would be looked for as a file and never found. */
const listPlace = z
  .string()
  .min(1)
  .refine(
    (text) => /^https?:\/\//.test(text) || !/^[a-z][a-z0-9+.-]*:\/\//i.test(text),
    'must be a path, or begin with http:// or https://',
  );

const settings = z.strictObject({
  ...commonSettings(SWARM_MANAGER_PREFIX, 9_103),
  SWARM_MANAGER_STATE_DIR: z.string().min(1).describe('directory where the last good list is kept'),
  SWARM_MANAGER_NETWORK: orFile(z.string().min(1).max(64).describe('name of the network, as in its signed list')),
  SWARM_MANAGER_LIST: listPlace.describe('path or http(s) address of the signed node list'),
  SWARM_MANAGER_ADMINS: orFile(administrators.describe('public keys of the administrators who sign the list')),
  SWARM_MANAGER_ADMINS_REQUIRED: orFile(numberSetting(1, 100, 1, 'how many of them must have signed')),
  SWARM_MANAGER_LIST_POLL_MS: numberSetting(250, 3_600_000, 10_000, 'how often the list is read again'),
  SWARM_MANAGER_HARDFORK: hardfork.default([19, 4]).describe('hard fork and revision told to clients'),
  SWARM_MANAGER_SEED_HOST: hostSetting('127.0.0.1', 'address of the seed for clients'),
  SWARM_MANAGER_SEED_PORT: portSetting(0, 'port of the seed for clients; 0 switches it off'),
  SWARM_MANAGER_PING_INTERVAL_MS: numberSetting(250, 600_000, 10_000, 'mean time between two reachability tests'),
});

export const swarmManagerSchema = settings.refine(
  ({ SWARM_MANAGER_ADMINS: admins, SWARM_MANAGER_ADMINS_REQUIRED: required }) => required <= admins.length,
  { path: ['SWARM_MANAGER_ADMINS_REQUIRED'], message: 'must not be more than there are keys in SWARM_MANAGER_ADMINS' },
);

export type SwarmManagerConfig = Readonly<z.infer<typeof swarmManagerSchema>>;
