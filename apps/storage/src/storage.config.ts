import { z } from 'zod';
import { numberSetting, secret, commonSettings } from '#platform';

export const STORAGE_PREFIX = 'STORAGE_';

export const storageSchema = z.strictObject({
  ...commonSettings(STORAGE_PREFIX, 9_102),
  STORAGE_REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be an address such as redis://127.0.0.1:6379' })
    .default('redis://127.0.0.1:6379')
    .describe('address of the Redis server'),
  STORAGE_REDIS_USER: z.string().min(1).optional().describe('user at the Redis server'),
  STORAGE_REDIS_PASSWORD: secret('password at the Redis server'),
  STORAGE_REDIS_PREFIX: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
    .default('starling')
    .describe('what the names of all our keys in Redis begin with'),
  STORAGE_REPLICATION_MS: numberSetting(100, 8_000, 2_500, 'how long a store or delete waits for the other members'),
  STORAGE_MIN_COPIES: numberSetting(1, 10, 2, 'members that must hold a message before a store counts as done'),
});

export type StorageConfig = Readonly<z.infer<typeof storageSchema>>;
