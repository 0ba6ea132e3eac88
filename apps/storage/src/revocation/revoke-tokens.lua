#!lua
-- Revokes tokens; one that is revoked already counts as new. Keeps the newest up to a number.
local revoked = KEYS[1] -- sorted set: token (36 bytes) by time of revocation (ms, never twice the same)
local now, life, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local last = redis.call('ZRANGE', revoked, -1, -1, 'WITHSCORES')[2]
local at = math.max(now, tonumber(last or 0) + 1)
for index = 4, #ARGV do
  redis.call('ZADD', revoked, at, ARGV[index])
  at = at + 1
end
redis.call('ZREMRANGEBYSCORE', revoked, '-inf', now - life)
redis.call('ZREMRANGEBYRANK', revoked, 0, -most - 1)
redis.call('PEXPIRE', revoked, life)
return #ARGV - 3
