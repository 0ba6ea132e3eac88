#!lua flags=allow-oom
-- Frees up to a number of expired messages of one account. Returns {freed, next expiry or -1}.
local now, limit = ARGV[1], ARGV[2]

local freed = removeExpired(now, limit)
local following = redis.call('ZRANGE', expiries, 0, 0, 'WITHSCORES')[2]
return { freed, tonumber(following or -1) }
