import { HEAD, KEY_LIFE_MS, type Layout } from './layout.js';

/** Data by message hash; number, expiry and head by message hash in a second one. Order and expiry by looking at all. */
export const metaHash: Layout = {
  name: 'packed hash, hash of numbers and expiries',
  keys: (base) => [`${base}:m`, `${base}:x`],
  insert: `
    local hash = ARGV[1]
    local held = redis.call('HGET', KEYS[2], hash)
    local number
    if held then
      local heldNumber, expiry = struct.unpack('>I7I6', held)
      if expiry >= tonumber(ARGV[2]) then return 0 end
      number = heldNumber
    else
      number = redis.call('HINCRBY', KEYS[2], 's', 1)
      redis.call('HSET', KEYS[1], hash, ARGV[5])
    end
    redis.call('HSET', KEYS[2], hash, struct.pack('>I7I6', number, tonumber(ARGV[2])) .. ARGV[4])
    for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ${KEY_LIFE_MS}) end
    return 1`,
  page: `
    local after, now = redis.call('HGET', KEYS[2], ARGV[1]), tonumber(ARGV[2])
    local from = after and struct.unpack('>I7', after) or 0
    local entries, found = redis.call('HGETALL', KEYS[2]), {}
    for index = 1, #entries, 2 do
      if #entries[index] == 32 then
        local number, expiry = struct.unpack('>I7I6', entries[index + 1])
        if number > from and expiry > now then found[#found + 1] = { number, entries[index], expiry } end
      end
    end
    table.sort(found, function(one, other) return one[1] < other[1] end)
    local reply = {}
    for index = 1, math.min(#found, tonumber(ARGV[3])) do
      local hash = found[index][2]
      reply[#reply + 1] = hash
      reply[#reply + 1] = redis.call('HGET', KEYS[1], hash)
      reply[#reply + 1] = found[index][3]
    end
    return reply`,
  extend: `
    local held = redis.call('HGET', KEYS[2], ARGV[1])
    local expiry = struct.pack('>I6', tonumber(ARGV[2]))
    redis.call('HSET', KEYS[2], ARGV[1], string.sub(held, 1, 7) .. expiry .. string.sub(held, 14))
    for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ${KEY_LIFE_MS}) end
    return 1`,
  remove: `
    redis.call('HDEL', KEYS[1], ARGV[1])
    return redis.call('HDEL', KEYS[2], ARGV[1])`,
  purge: `
    local entries, now, gone = redis.call('HGETALL', KEYS[2]), tonumber(ARGV[1]), 0
    for index = 1, #entries, 2 do
      if #entries[index] == 32 and gone < tonumber(ARGV[2]) then
        local _, expiry = struct.unpack('>I7I6', entries[index + 1])
        if expiry <= now then
          redis.call('HDEL', KEYS[1], entries[index])
          redis.call('HDEL', KEYS[2], entries[index])
          gone = gone + 1
        end
      end
    end
    return gone`,
  packed: (data) => [HEAD, data],
};
