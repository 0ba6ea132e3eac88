#!lua flags=no-writes
-- One message of an account by chance, expired or not: {record, body, expiry, place by the index}, or nothing.
local record = redis.call('ZRANDMEMBER', order)
if not record then return {} end
local place = placeOf(record)
local body = redis.call('HGET', bodies, numberOf(place)) or ''
return { record, body, redis.call('ZSCORE', expiries, place) or '0', redis.call('HGET', index, hashOf(record)) or '' }
