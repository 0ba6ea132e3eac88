#!lua flags=allow-oom
-- Changes when messages of an account expire. Returns one entry for each pair that was asked: -1 when the message is not
-- there, otherwise {1 when it was changed, the expiry that it has now}. Scores change in place.
local messages  = KEYS[1] -- hash: message hash -> namespace, time, data
local expiries  = KEYS[2] -- sorted set: place by expiry (ms)
local orderBase = KEYS[3] -- name of a namespace's order, without the number
local now, mode = tonumber(ARGV[1]), ARGV[2] -- extend: only later; shorten: only sooner; set: either way

local function isWanted(current, wanted)
  if mode == 'extend' then return current < wanted end
  if mode == 'shorten' then return current > wanted end
  return true
end

local outcome = {}
for index = 3, #ARGV, 2 do
  local hash, wanted = ARGV[index], tonumber(ARGV[index + 1])
  local packed = redis.call('HGET', messages, hash)
  local place = packed and placeOf(hash, packed)
  local current = packed and tonumber(redis.call('ZSCORE', expiries, place))
  if not packed or current <= now then
    outcome[#outcome + 1] = -1
  elseif isWanted(current, wanted) then
    redis.call('ZADD', expiries, wanted, place)
    keepAlive(messages, expiries, orderBase .. namespaceAt(place))
    outcome[#outcome + 1] = { 1, wanted }
  else
    outcome[#outcome + 1] = { 0, current }
  end
end
return outcome
