#!lua flags=allow-oom
-- Notes when an account's next message expires; the earliest time counts. A few bytes that let a full node free many.
local due = KEYS[1] -- sorted set: account tag by expiry (ms)
local expiry, tag = ARGV[1], ARGV[2]

redis.call('ZADD', due, 'LT', expiry, tag)
return 1
