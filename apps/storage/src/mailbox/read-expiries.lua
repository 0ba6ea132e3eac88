#!lua flags=no-writes
-- When messages of an account expire, in the order of the request; -1 for one that is not there.
local messages = KEYS[1] -- hash: message hash -> namespace, time, data
local expiries = KEYS[2] -- sorted set: place by expiry (ms)
local now = tonumber(ARGV[1])

local outcome = {}
for index = 2, #ARGV do
  local packed = redis.call('HGET', messages, ARGV[index])
  local expiry = packed and tonumber(redis.call('ZSCORE', expiries, placeOf(ARGV[index], packed)))
  outcome[#outcome + 1] = expiry and expiry > now and expiry or -1
end
return outcome
