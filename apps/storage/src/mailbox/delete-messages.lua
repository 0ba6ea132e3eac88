#!lua flags=allow-oom
-- Deletes messages of an account in whatever namespaces. Returns the hashes that were there and had not expired.
-- Only frees memory, so a full node may still run it.
local messages  = KEYS[1] -- hash: message hash -> namespace, time, data
local expiries  = KEYS[2] -- sorted set: message hash by expiry (ms)
local orderBase = KEYS[3] -- name of a namespace's order, without the number
local now = tonumber(ARGV[1])

local deleted = {}
for index = 2, #ARGV do
  local hash = ARGV[index]
  local packed = redis.call('HGET', messages, hash)
  if packed then
    local expiry = redis.call('ZSCORE', expiries, hash)
    redis.call('HDEL', messages, hash)
    redis.call('ZREM', expiries, hash)
    redis.call('ZREM', orderBase .. struct.unpack('>h', packed), hash)
    if tonumber(expiry) > now then deleted[#deleted + 1] = hash end
  end
end
if redis.call('ZCARD', expiries) == 0 then redis.call('DEL', messages) end -- only the counter is left
return deleted
