import { HEAD, KEY_LIFE_MS, type Layout } from './layout.js';

const PLACE = `local function place(hash) return hash .. string.sub(redis.call('HGET', KEYS[1], hash), 1, 10) end`;

/** Message hash to head and data; order by number of arrival; hash and head by expiry. */
export const packedHash: Layout = {
  name: 'packed hash, order set, expiry set',
  keys: (base) => [`${base}:m`, `${base}:o:0`, `${base}:e`],
  insert: `
    local hash = ARGV[1]
    local held = redis.call('HGET', KEYS[1], hash)
    if held then
      local expiry = tonumber(redis.call('ZSCORE', KEYS[3], hash .. string.sub(held, 1, 10)))
      if expiry >= tonumber(ARGV[2]) then return 0 end
    else
      redis.call('ZADD', KEYS[2], redis.call('HINCRBY', KEYS[1], 's', 1), hash)
      redis.call('HSET', KEYS[1], hash, ARGV[4])
    end
    redis.call('ZADD', KEYS[3], ARGV[2], hash .. string.sub(ARGV[4], 1, 10))
    for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ${KEY_LIFE_MS}) end
    return 1`,
  page: `
    local from = '-inf'
    local arrival = redis.call('ZSCORE', KEYS[2], ARGV[1])
    if arrival then from = '(' .. arrival end
    local reply = {}
    for _, hash in ipairs(redis.call('ZRANGE', KEYS[2], from, '+inf', 'BYSCORE', 'LIMIT', 0, ARGV[3])) do
      local packed = redis.call('HGET', KEYS[1], hash)
      local expiry = redis.call('ZSCORE', KEYS[3], hash .. string.sub(packed, 1, 10))
      if tonumber(expiry) > tonumber(ARGV[2]) then
        reply[#reply + 1] = hash
        reply[#reply + 1] = packed
        reply[#reply + 1] = expiry
      end
    end
    return reply`,
  extend: `${PLACE}
    redis.call('ZADD', KEYS[3], 'XX', ARGV[2], place(ARGV[1]))
    for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ${KEY_LIFE_MS}) end
    return 1`,
  remove: `${PLACE}
    redis.call('ZREM', KEYS[3], place(ARGV[1]))
    redis.call('HDEL', KEYS[1], ARGV[1])
    return redis.call('ZREM', KEYS[2], ARGV[1])`,
  purge: `
    local due = redis.call('ZRANGE', KEYS[3], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[2])
    for _, place in ipairs(due) do
      local hash = string.sub(place, 1, 32)
      redis.call('HDEL', KEYS[1], hash)
      redis.call('ZREM', KEYS[3], place)
      redis.call('ZREM', KEYS[2], hash)
    end
    return #due`,
  packed: (data) => [Buffer.concat([HEAD, data])],
};

/** The same, where Redis is told to keep values of up to 4 KiB in one block of memory a hash. */
export const packedHashInOneBlock: Layout = {
  ...packedHash,
  name: 'the same, hash-max-listpack-value 4096',
  config: ['hash-max-listpack-value 4096'],
};
