#!lua flags=allow-oom
-- Deletes messages of an account in whatever namespaces. Returns the hashes that were there and had not expired.
-- Only frees memory, so a full node may still run it.
local now = tonumber(ARGV[1])

local deleted = {}
for at = 2, #ARGV do
  local place = redis.call('HGET', index, ARGV[at])
  if place then
    if tonumber(redis.call('ZSCORE', expiries, place)) > now then deleted[#deleted + 1] = ARGV[at] end
    remove({ recordAt(place) })
  end
end
return deleted
