import { z } from 'zod';
import { caSetting, flagSetting, numberSetting, secret, commonSettings } from '#platform';

export const STORAGE_PREFIX = 'STORAGE_';

/** Key under the prefix that is there from the beginning of a `starling restore` to its end. */
export const RESTORE_NOTE = 'restoring';

const isRedisUrl = (text: string): boolean => z.url({ protocol: /^rediss?$/ }).safeParse(text.trim()).success;

export const storageSchema = z.strictObject({
  ...commonSettings(STORAGE_PREFIX, 9_102),
  STORAGE_REDIS_URL: z
    .string()
    .refine((text) => text.split(',').every(isRedisUrl), 'must be an address such as redis://127.0.0.1:6379')
    .default('redis://127.0.0.1:6379')
    .describe('address of the Redis server; of a Redis Cluster several, with commas between'),
  STORAGE_REDIS_CLUSTER: flagSetting(false, 'whether Redis is a Redis Cluster'),
  STORAGE_REDIS_USER: z.string().min(1).optional().describe('user at the Redis server'),
  STORAGE_REDIS_PASSWORD: secret('password at the Redis server'),
  STORAGE_REDIS_CA_FILE: caSetting('Redis'),
  STORAGE_REDIS_PREFIX: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
    .default('starling')
    .describe('what the names of all our keys in Redis begin with'),
  STORAGE_REPLICATION_MS: numberSetting(100, 8_000, 2_500, 'how long a store or delete waits for the other members'),
  STORAGE_MIN_COPIES: numberSetting(1, 10, 2, 'members that must hold a message before a store counts as done'),
  STORAGE_OWNER_MAX_MESSAGES: numberSetting(100, 100_000, 10_000, 'messages that one account may have'),
  STORAGE_OWNER_MAX_BYTES: numberSetting(
    1_048_576,
    1_099_511_627_776,
    67_108_864,
    'bytes of data that one account may have',
  ),
  STORAGE_INBOX_WATERMARK_PERCENT: numberSetting(
    0,
    100,
    90,
    'share of the memory of Redis from which on large accounts get nothing more into their inboxes; 0 for never',
  ),
  STORAGE_AUDIT_PER_MINUTE: numberSetting(
    0,
    60_000,
    60,
    'stored messages whose hash is computed again each minute, to find damage; 0 for none',
  ),
});

export type StorageConfig = Readonly<z.infer<typeof storageSchema>>;
