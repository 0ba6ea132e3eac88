import { splitData } from '../../apps/storage/src/mailbox/split-data.js';
import { KEY_LIFE_MS, type Layout } from './layout.js';

/** Hash 32, number 7 (behind namespace 2), time 7, size 3: what a record holds before the tail of its data. */
const HASH_AT = 10;

const RECORD = `
    local function recordAt(place)
      return redis.call('ZRANGE', KEYS[3], '[' .. place, '+', 'BYLEX', 'LIMIT', 0, 1)[1]
    end`;

/** Place by message hash; data by number; a record a message in the order of places; place by expiry. */
export const records: Layout = {
  name: 'data by number, records in one order set, expiry set',
  keys: (base) => [`${base}:i`, `${base}:m`, `${base}:o`, `${base}:e`],
  insert: `
    local hash, expiry, now = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
    local held = redis.call('HGET', KEYS[1], hash)
    if held then
      if tonumber(redis.call('ZSCORE', KEYS[4], held)) >= expiry then return 0 end
      redis.call('ZADD', KEYS[4], expiry, held)
    else
      local number = math.max(tonumber(redis.call('HGET', KEYS[1], 's') or 0) + 1, now * 1000)
      local field = struct.pack('>I7', number)
      local place = struct.pack('>H', 32768) .. field
      redis.call('HSET', KEYS[1], hash, place, 's', string.format('%.0f', number))
      redis.call('HSET', KEYS[2], field, ARGV[4])
      redis.call('ZADD', KEYS[3], 0, place .. hash .. struct.pack('>I7I3', now, #ARGV[4]) .. ARGV[5])
      redis.call('ZADD', KEYS[4], expiry, place)
    end
    for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ${KEY_LIFE_MS}) end
    return 1`,
  page: `
    local from, now, most = '[' .. struct.pack('>H', 32768), tonumber(ARGV[2]), tonumber(ARGV[3])
    local after = redis.call('HGET', KEYS[1], ARGV[1])
    if after then from = '(' .. after .. '\\255' end
    local reply, places = {}, {}
    local found = redis.call('ZRANGE', KEYS[3], from, '(' .. struct.pack('>H', 32769), 'BYLEX', 'LIMIT', 0, most)
    for _, record in ipairs(found) do places[#places + 1] = string.sub(record, 1, 9) end
    local expiries = #places > 0 and redis.call('ZMSCORE', KEYS[4], unpack(places)) or {}
    for index, record in ipairs(found) do
      if tonumber(expiries[index]) > now then
        reply[#reply + 1] = record
        reply[#reply + 1] = redis.call('HGET', KEYS[2], string.sub(record, 3, 9))
        reply[#reply + 1] = expiries[index]
      end
    end
    return reply`,
  extend: `
    redis.call('ZADD', KEYS[4], 'XX', ARGV[2], redis.call('HGET', KEYS[1], ARGV[1]))
    for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ${KEY_LIFE_MS}) end
    return 1`,
  remove: `${RECORD}
    local place = redis.call('HGET', KEYS[1], ARGV[1])
    redis.call('HDEL', KEYS[1], ARGV[1])
    redis.call('HDEL', KEYS[2], string.sub(place, 3))
    redis.call('ZREM', KEYS[3], recordAt(place))
    return redis.call('ZREM', KEYS[4], place)`,
  purge: `${RECORD}
    local due = redis.call('ZRANGE', KEYS[4], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[2])
    local hashes, numbers, gone = {}, {}, {}
    for index, place in ipairs(due) do
      local record = recordAt(place)
      hashes[index], numbers[index] = string.sub(record, ${HASH_AT}, ${HASH_AT} + 31), string.sub(place, 3)
      gone[index] = record
    end
    if #due == 0 then return 0 end
    redis.call('HDEL', KEYS[1], unpack(hashes))
    redis.call('HDEL', KEYS[2], unpack(numbers))
    redis.call('ZREM', KEYS[3], unpack(gone))
    redis.call('ZREM', KEYS[4], unpack(due))
    return #due`,
  packed: (data) => {
    const { body, tail } = splitData(data);
    return [body, tail];
  },
};

/** The same without a tail in the record. */
export const wholeRecords: Layout = {
  ...records,
  name: 'the same, data in one piece',
  packed: (data) => [data, Buffer.alloc(0)],
};
