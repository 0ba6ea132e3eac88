#!lua flags=allow-oom
-- Deletes messages of an account in whatever namespaces. Returns the hashes that were there and had not expired.
-- Only frees memory, so a full node may still run it.
local messages  = KEYS[1] -- hash: message hash -> namespace, time, data
local expiries  = KEYS[2] -- sorted set: place by expiry (ms)
local orderBase = KEYS[3] -- name of a namespace's order, without the number
local now = tonumber(ARGV[1])

local deleted = {}
for index = 2, #ARGV do
  local hash = ARGV[index]
  local packed = redis.call('HGET', messages, hash)
  if packed then
    local place = placeOf(hash, packed)
    if tonumber(redis.call('ZSCORE', expiries, place)) > now then deleted[#deleted + 1] = hash end
    forget(messages, expiries, orderBase, place)
  end
end
endIfEmpty(messages, expiries)
return deleted
