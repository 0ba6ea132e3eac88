#!lua
-- Keeps one message. Returns {1, expiry} when it is new, {0, expiry} when it was held; the later expiry counts.
-- Grows memory, so it carries no allow-oom flag: a full Redis refuses here and loses nothing.
local messages  = KEYS[1] -- hash: message hash -> namespace, time, data; field s: the last number of arrival
local order     = KEYS[2] -- sorted set: message hash by arrival, this namespace
local expiries  = KEYS[3] -- sorted set: place by expiry (ms), all namespaces
local orderBase = KEYS[4] -- name of a namespace's order, without the number
local hash, packed, expiry, now, replaces = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5] == '1'

if replaces then
  for _, other in ipairs(redis.call('ZRANGE', order, 0, -1)) do
    local head = redis.call('HGET', messages, other)
    if other ~= hash and head then forget(messages, expiries, orderBase, placeOf(other, head)) end
  end
end

local held = redis.call('HGET', messages, hash)
-- Its namespace may be another one: the hash of "2x" in namespace 4 is that of "x" in namespace 42.
local place = placeOf(hash, held or packed)
if held then
  local heldExpiry = tonumber(redis.call('ZSCORE', expiries, place))
  if heldExpiry <= now then
    forget(messages, expiries, orderBase, place) -- expired means gone, whether or not the purge has come by
    held, place = false, placeOf(hash, packed)
  elseif heldExpiry >= tonumber(expiry) then
    return { 0, heldExpiry }
  end
end

if not held then
  -- Time leads, so a number is not given twice even when the keys that held the last one have ended; a clock that was
  -- set back does not matter while they are there. Exact in a double until the year 2255.
  local last = tonumber(redis.call('HGET', messages, 's') or 0)
  local number = string.format('%.0f', math.max(last + 1, now * 1000))
  redis.call('ZADD', order, number, hash)
  redis.call('HSET', messages, hash, packed, 's', number)
end
redis.call('ZADD', expiries, expiry, place)
keepAlive(messages, expiries, orderBase .. namespaceAt(place))
return { held and 0 or 1, tonumber(expiry) }
