-- Shared by the scripts of a mailbox; stands in front of each.
-- A place is how a message is named among the expiries: its hash (32 bytes), namespace (int16), time (int64, ms). What
-- is asked of many messages is answered from places, without touching the messages themselves.
local HASH_BYTES, HEAD_BYTES = 32, 10
-- No message lives longer than 30 days from now, so keys that nobody purged end by themselves and lose nothing.
local KEY_LIFE_MS = 32 * 86400000

local function placeOf(hash, packed) return hash .. string.sub(packed, 1, HEAD_BYTES) end
local function hashAt(place) return string.sub(place, 1, HASH_BYTES) end
local function namespaceAt(place) return (struct.unpack('>h', string.sub(place, HASH_BYTES + 1))) end
local function timeAt(place) return (struct.unpack('>i8', string.sub(place, HASH_BYTES + 3))) end

local function forget(messages, expiries, orderBase, place)
  redis.call('HDEL', messages, hashAt(place))
  redis.call('ZREM', expiries, place)
  redis.call('ZREM', orderBase .. namespaceAt(place), hashAt(place))
end

local function endIfEmpty(messages, expiries)
  if redis.call('ZCARD', expiries) == 0 then redis.call('DEL', messages) end -- only the counter is left
end

local function keepAlive(...)
  for _, key in ipairs({ ... }) do redis.call('PEXPIRE', key, KEY_LIFE_MS) end
end
