#!lua flags=allow-oom
-- Deletes what an account has in one namespace or all, up to a time. Returns the places of those that had not expired.
-- Reads no message, and only frees memory.
local messages  = KEYS[1] -- hash: message hash -> namespace, time, data
local expiries  = KEYS[2] -- sorted set: place by expiry (ms)
local orderBase = KEYS[3] -- name of a namespace's order, without the number
local now, scope, before = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]) -- no time: whatever it is

local deleted = {}
local entries = redis.call('ZRANGE', expiries, 0, -1, 'WITHSCORES')
for index = 1, #entries, 2 do
  local place, expiry = entries[index], tonumber(entries[index + 1])
  local isInScope = scope == 'all' or namespaceAt(place) == tonumber(scope)
  if isInScope and (before == nil or timeAt(place) <= before) then
    forget(messages, expiries, orderBase, place)
    if expiry > now then deleted[#deleted + 1] = place end
  end
end
endIfEmpty(messages, expiries)
return deleted
