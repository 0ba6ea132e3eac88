#!lua flags=allow-oom
-- What an account has in one namespace or all ends at a time at the latest. Returns the places of those that ended later.
-- Scores change in place, so a full node may still run it.
local expiries = KEYS[1] -- sorted set: place by expiry (ms)
local now, scope, expiry = ARGV[1], ARGV[2], ARGV[3]

local shortened = {}
local later = math.max(tonumber(now), tonumber(expiry)) -- what has expired already is not touched
for _, place in ipairs(redis.call('ZRANGE', expiries, '(' .. string.format('%.0f', later), '+inf', 'BYSCORE')) do
  if scope == 'all' or namespaceAt(place) == tonumber(scope) then
    redis.call('ZADD', expiries, expiry, place)
    shortened[#shortened + 1] = place
  end
end
return shortened
