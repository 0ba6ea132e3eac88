#!lua flags=allow-oom
-- Frees up to a number of expired messages of one account. Returns {freed, next expiry or -1}.
local messages  = KEYS[1] -- hash: message hash -> namespace, time, data
local expiries  = KEYS[2] -- sorted set: place by expiry (ms)
local orderBase = KEYS[3] -- name of a namespace's order, without the number
local now, limit = ARGV[1], ARGV[2]

local expired = redis.call('ZRANGE', expiries, '-inf', now, 'BYSCORE', 'LIMIT', 0, limit)
for _, place in ipairs(expired) do forget(messages, expiries, orderBase, place) end
endIfEmpty(messages, expiries)
local following = redis.call('ZRANGE', expiries, 0, 0, 'WITHSCORES')[2]
return { #expired, tonumber(following or -1) }
