import { HEAD, KEY_LIFE_MS, type Layout } from './layout.js';

/** A string with an expiry of its own for each message; entries of the order stay when it has ended. */
export const strings: Layout = {
  name: 'string a message with its own expiry, order set',
  keys: (base) => [`${base}:o:0`, `${base}:m:`],
  insert: `
    local name = KEYS[2] .. ARGV[1]
    local expiry = redis.call('PEXPIRETIME', name)
    if expiry >= 0 then
      if expiry < tonumber(ARGV[2]) then redis.call('PEXPIREAT', name, ARGV[2]) end
      return 0
    end
    local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2]
    redis.call('ZADD', KEYS[1], tonumber(last or 0) + 1, ARGV[1])
    redis.call('SET', name, ARGV[4], 'PXAT', ARGV[2])
    redis.call('PEXPIRE', KEYS[1], ${KEY_LIFE_MS})
    return 1`,
  page: `
    local from = '-inf'
    local arrival = redis.call('ZSCORE', KEYS[1], ARGV[1])
    if arrival then from = '(' .. arrival end
    local reply = {}
    for _, hash in ipairs(redis.call('ZRANGE', KEYS[1], from, '+inf', 'BYSCORE', 'LIMIT', 0, ARGV[3])) do
      local packed = redis.call('GET', KEYS[2] .. hash)
      if packed then
        reply[#reply + 1] = hash
        reply[#reply + 1] = packed
        reply[#reply + 1] = redis.call('PEXPIRETIME', KEYS[2] .. hash)
      end
    end
    return reply`,
  extend: `return redis.call('PEXPIREAT', KEYS[2] .. ARGV[1], ARGV[2], 'GT')`,
  remove: `
    redis.call('DEL', KEYS[2] .. ARGV[1])
    return redis.call('ZREM', KEYS[1], ARGV[1])`,
  purge: null,
  packed: (data) => [Buffer.concat([HEAD, data])],
};
