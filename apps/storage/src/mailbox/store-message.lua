#!lua
-- Keeps one message. Returns {1, expiry} when it is new, {0, expiry} when it was held; the later expiry counts.
-- Grows memory, so it carries no allow-oom flag: a full Redis refuses here and loses nothing.
local messages  = KEYS[1] -- hash: message hash -> namespace, time, data; field s counts arrivals
local order     = KEYS[2] -- sorted set: message hash by arrival, this namespace
local expiries  = KEYS[3] -- sorted set: message hash by expiry (ms), all namespaces
local orderBase = KEYS[4] -- name of a namespace's order, without the number
local hash, packed, expiry, now, replaces = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5] == '1'

-- Its namespace may be another one: the hash of "2x" in namespace 4 is that of "x" in namespace 42.
local function forget(other)
  local held = redis.call('HGET', messages, other)
  if held then redis.call('ZREM', orderBase .. struct.unpack('>h', held), other) end
  redis.call('HDEL', messages, other)
  redis.call('ZREM', expiries, other)
end

if replaces then
  for _, other in ipairs(redis.call('ZRANGE', order, 0, -1)) do
    if other ~= hash then forget(other) end
  end
end

local isNew = 1
local held = redis.call('ZSCORE', expiries, hash)
if held and tonumber(held) <= now then
  forget(hash) -- expired means gone, whether or not the purge has come by
elseif held then
  isNew = 0
  if tonumber(held) >= tonumber(expiry) then return {0, tonumber(held)} end
end

if isNew == 1 then
  redis.call('ZADD', order, redis.call('HINCRBY', messages, 's', 1), hash)
  redis.call('HSET', messages, hash, packed)
end
redis.call('ZADD', expiries, expiry, hash)

-- The keys end after the last message, even if nobody purges them. The grace is for a Redis whose clock is ahead of ours.
local GRACE_MS = 3600000
local last = redis.call('ZRANGE', expiries, -1, -1, 'WITHSCORES')[2]
for index = 1, 3 do redis.call('PEXPIREAT', KEYS[index], last + GRACE_MS) end
return {isNew, tonumber(expiry)}
