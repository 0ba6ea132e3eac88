#!lua flags=no-writes
-- When messages of an account expire, in the order of the request; -1 for one that is not there.
local now = tonumber(ARGV[1])

local outcome = {}
for at = 2, #ARGV do
  local place = redis.call('HGET', index, ARGV[at])
  local expiry = place and tonumber(redis.call('ZSCORE', expiries, place))
  outcome[#outcome + 1] = expiry and expiry > now and expiry or -1
end
return outcome
