#!lua flags=no-writes
-- Keys that belong together, as they are at one moment: for each that is there {number, kind, expiry in ms or -1, content}.
-- Nothing unless the key that was asked for is the first that is there: with that one all of them are read, and the
-- others must not bring them again.
local asked = tonumber(ARGV[1])
local READ = {
  string = function(key) return redis.call('GET', key) end,
  hash = function(key) return redis.call('HGETALL', key) end,
  zset = function(key) return redis.call('ZRANGE', key, 0, -1, 'WITHSCORES') end,
}

local found = {}
for number, key in ipairs(KEYS) do
  local kind = redis.call('TYPE', key).ok
  if kind ~= 'none' then
    if #found == 0 and number ~= asked then return {} end
    local read = READ[kind]
    if not read then return redis.error_reply('ERR keys of this kind are not read: ' .. kind) end
    found[#found + 1] = { number, kind, redis.call('PEXPIRETIME', key), read(key) }
  end
end
return found
