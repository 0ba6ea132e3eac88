#!lua flags=allow-oom
-- Frees up to a number of expired messages of one account. Returns {freed, next expiry or -1}.
local messages  = KEYS[1] -- hash: message hash -> namespace, time, data
local expiries  = KEYS[2] -- sorted set: message hash by expiry (ms)
local orderBase = KEYS[3] -- name of a namespace's order, without the number
local now, limit = ARGV[1], ARGV[2]

local expired = redis.call('ZRANGE', expiries, '-inf', now, 'BYSCORE', 'LIMIT', 0, limit)
for _, hash in ipairs(expired) do
  local packed = redis.call('HGET', messages, hash)
  if packed then redis.call('ZREM', orderBase .. struct.unpack('>h', packed), hash) end
  redis.call('HDEL', messages, hash)
  redis.call('ZREM', expiries, hash)
end
local following = redis.call('ZRANGE', expiries, 0, 0, 'WITHSCORES')[2]
if not following then redis.call('DEL', messages) end -- only the counter is left
return {#expired, tonumber(following or -1)}
