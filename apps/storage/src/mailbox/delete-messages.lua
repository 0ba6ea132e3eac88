#!lua flags=allow-oom
-- Deletes messages of an account in whatever namespaces. Returns the hashes that were there and had not expired.
-- Frees more than the tombstones take, so a full node may still run it.
local now = tonumber(ARGV[1])

local deleted = {}
for at = 2, #ARGV do
  local place = redis.call('HGET', index, ARGV[at])
  if place then
    local record, expiry = recordAt(place), redis.call('ZSCORE', expiries, place)
    if tonumber(expiry) > now then deleted[#deleted + 1] = ARGV[at] end
    bury({ record }, { expiry }, now)
    remove({ record })
  end
end
return deleted
