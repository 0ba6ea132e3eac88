-- Shared by the scripts of a mailbox; stands in front of each. docs/storage-layout.md
-- A place is where a message stands: namespace (uint16, 32768 added) and number of arrival (7 bytes), big endian, so that
-- bytes sort as messages do. A record is a place, hash (32), time (7, ms), size of the data (3), and the end of the data
-- where that is kept apart. What is asked of many messages is answered from records, without touching their bodies.
local index    = KEYS[1] -- hash: message hash -> place; field s: the last number; field b: bytes of all data
local bodies   = KEYS[2] -- hash: number -> data, or all but its end
local order    = KEYS[3] -- sorted set: record, all scores 0
local expiries = KEYS[4] -- sorted set: place by expiry (ms)
local tombstones = KEYS[5] -- sorted set: hash of a deleted message by the time when it would have expired (ms)

local PLACE_BYTES, HASH_AT, TIME_AT, SIZE_AT, TAIL_AT = 9, 10, 42, 49, 52
-- Behind every record of a place, and every place of a namespace: no number or time begins with such a byte.
local PAST_PLACE, PAST_NAMESPACE = string.rep('\255', 33), '\255'
local OWN_FIELDS = 2 -- of the index: s and b
-- Values in one call: well below the 8,000 that Lua can hand over, and few enough to be gathered in a millisecond.
local BATCH = 1000
-- No message lives longer than 30 days from now, so keys that nobody purged end by themselves and lose nothing.
local DAY_MS = 86400000
local KEY_LIFE_MS = 33 * DAY_MS
-- The last number outlives an emptied account for this long, should the clock stand still or be set back a little.
local NUMBER_LIFE_MS = 600000
-- As many as an account may hold messages by default; those whose time ends soonest give way. A megabyte at most.
local MAX_TOMBSTONES = 10000

local function numberOf(place) return string.sub(place, 3, PLACE_BYTES) end
local function placeOf(record) return string.sub(record, 1, PLACE_BYTES) end
local function hashOf(record) return string.sub(record, HASH_AT, TIME_AT - 1) end
local function timeOf(record) return (struct.unpack('>I7', string.sub(record, TIME_AT, SIZE_AT - 1))) end
local function sizeOf(record) return (struct.unpack('>I3', string.sub(record, SIZE_AT, TAIL_AT - 1))) end
local function namespacePrefix(namespace) return struct.pack('>H', tonumber(namespace) + 32768) end

local function rangeOf(scope)
  if scope == 'all' then return '-', '+' end
  return '[' .. namespacePrefix(scope), '(' .. namespacePrefix(scope) .. PAST_NAMESPACE
end

local function recordAt(place)
  return redis.call('ZRANGE', order, '[' .. place, '+', 'BYLEX', 'LIMIT', 0, 1)[1]
end

-- Calls look(records, expiries, places) for the messages of a namespace or all, in their order, a batch at a time. What
-- was looked at may be removed meanwhile.
local function forEachBatch(scope, look)
  local from, to = rangeOf(scope)
  repeat
    local records = redis.call('ZRANGE', order, from, to, 'BYLEX', 'LIMIT', 0, BATCH)
    if #records == 0 then return end
    local places = {}
    for at, record in ipairs(records) do places[at] = placeOf(record) end
    look(records, redis.call('ZMSCORE', expiries, unpack(places)), places)
    from = '(' .. records[#records]
  until #records < BATCH
end

-- Up to a batch of messages, by their records. Returns the bytes of their data.
local function remove(records)
  if #records == 0 then return 0 end
  local hashes, numbers, places, bytes = {}, {}, {}, 0
  for at, record in ipairs(records) do
    places[at], hashes[at] = placeOf(record), hashOf(record)
    numbers[at], bytes = numberOf(places[at]), bytes + sizeOf(record)
  end
  redis.call('HDEL', index, unpack(hashes))
  redis.call('HDEL', bodies, unpack(numbers))
  redis.call('ZREM', order, unpack(records))
  redis.call('ZREM', expiries, unpack(places))
  redis.call('HINCRBY', index, 'b', 0 - bytes) -- of nothing, -0 would be no number to Redis
  if redis.call('HLEN', index) == OWN_FIELDS then redis.call('PEXPIRE', index, NUMBER_LIFE_MS) end
  return bytes
end

-- Remembers messages that their owner wanted gone, so that no other member brings them back. What has expired needs none.
local function bury(records, ends, now)
  local graves = {}
  for at, record in ipairs(records) do
    if tonumber(ends[at]) > now then
      graves[#graves + 1] = ends[at]
      graves[#graves + 1] = hashOf(record)
    end
  end
  if #graves == 0 then return end
  redis.call('ZADD', tombstones, 'GT', unpack(graves))
  redis.call('ZREMRANGEBYSCORE', tombstones, '-inf', now)
  redis.call('ZREMRANGEBYRANK', tombstones, 0, -MAX_TOMBSTONES - 1)
  redis.call('PEXPIRE', tombstones, redis.call('ZRANGE', tombstones, -1, -1, 'WITHSCORES')[2] - now)
end

local function removeExpired(now, limit)
  local records = {}
  for at, place in ipairs(redis.call('ZRANGE', expiries, '-inf', now, 'BYSCORE', 'LIMIT', 0, limit)) do
    records[at] = recordAt(place)
  end
  remove(records)
  return #records
end

local function keepAlive()
  for _, key in ipairs({ index, bodies, order, expiries }) do redis.call('PEXPIRE', key, KEY_LIFE_MS) end
end
