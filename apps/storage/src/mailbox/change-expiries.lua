#!lua flags=allow-oom
-- Changes when messages of an account expire. Returns one entry for each pair that was asked: -1 when the message is not
-- there, otherwise {1 when it was changed, the expiry that it has now}. Scores change in place.
local now, mode = tonumber(ARGV[1]), ARGV[2] -- extend: only later; shorten: only sooner; set: either way

local function isWanted(current, wanted)
  if mode == 'extend' then return current < wanted end
  if mode == 'shorten' then return current > wanted end
  return true
end

local outcome, hasChanged = {}, false
for at = 3, #ARGV, 2 do
  local place, wanted = redis.call('HGET', index, ARGV[at]), tonumber(ARGV[at + 1])
  local current = place and tonumber(redis.call('ZSCORE', expiries, place))
  if not place or current <= now then
    outcome[#outcome + 1] = -1
  elseif isWanted(current, wanted) then
    redis.call('ZADD', expiries, wanted, place)
    outcome[#outcome + 1], hasChanged = { 1, wanted }, true
  else
    outcome[#outcome + 1] = { 0, current }
  end
end
if hasChanged then keepAlive() end
return outcome
