#!lua flags=allow-oom
-- What an account has in one namespace or all ends at a time at the latest. Returns place and hash of those that ended
-- later. Scores change in place, so a full node may still run it.
local now, scope, expiry = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])

local shortened = {}
local later = math.max(now, expiry) -- what has expired already is not touched
-- Asked again and again this costs nothing, however much the account holds.
if redis.call('ZCOUNT', expiries, '(' .. string.format('%.0f', later), '+inf') == 0 then return shortened end
forEachBatch(scope, function(records, ends, places)
  local changes = {}
  for at, record in ipairs(records) do
    if tonumber(ends[at]) > later then
      changes[#changes + 1] = ARGV[3]
      changes[#changes + 1] = places[at]
      shortened[#shortened + 1] = string.sub(record, 1, TIME_AT - 1)
    end
  end
  if #changes > 0 then redis.call('ZADD', expiries, unpack(changes)) end
end)
return shortened
