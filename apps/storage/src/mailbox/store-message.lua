#!lua
-- Keeps one message. Returns {1, expiry} when it is new, {0, expiry} when it was held; the later expiry counts; {2, 0}
-- when the account has its share already, and then nothing changed.
-- Grows memory, so it carries no allow-oom flag: a full Redis refuses here and loses nothing.
local hash, body, tail, namespace, time = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local expiry, now, replaces = tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8] == '1'
local maxMessages, maxBytes = tonumber(ARGV[9]), tonumber(ARGV[10])

local EXPIRED_AT_ONCE = 200 -- freed when an account has reached its share: as many as one step of the purge
local size = #body + #tail

local held = redis.call('HGET', index, hash)
-- Its namespace may be another one: the hash of "2x" in namespace 4 is that of "x" in namespace 42.
local heldExpiry = held and tonumber(redis.call('ZSCORE', expiries, held))
if held and heldExpiry <= now then -- expired means gone, whether or not the purge has come by
  remove({ recordAt(held) })
  held = false
end

local others, othersBytes = {}, 0
if replaces then
  local from, to = rangeOf(namespace)
  for _, record in ipairs(redis.call('ZRANGE', order, from, to, 'BYLEX', 'LIMIT', 0, BATCH)) do
    if hashOf(record) ~= hash then
      others[#others + 1] = record
      othersBytes = othersBytes + sizeOf(record)
    end
  end
end

if held then
  remove(others)
  if heldExpiry >= expiry then return { 0, heldExpiry } end
  redis.call('ZADD', expiries, expiry, held)
  keepAlive()
  return { 0, expiry }
end

local function hasRoom()
  local count = math.max(redis.call('HLEN', index) - OWN_FIELDS, 0)
  local bytes = tonumber(redis.call('HGET', index, 'b') or 0)
  return count - #others < maxMessages and bytes - othersBytes + size <= maxBytes
end
if not hasRoom() and (removeExpired(now, EXPIRED_AT_ONCE) == 0 or not hasRoom()) then return { 2, 0 } end
remove(others)

-- Time leads, so a number is not given twice even when the keys that held the last one have ended; a clock that was set
-- back does not matter while they are there. Exact in a double until the year 2255.
local last = tonumber(redis.call('HGET', index, 's') or 0)
local number = math.max(last + 1, now * 1000)
local place = namespacePrefix(namespace) .. struct.pack('>I7', number)
local isFirst = redis.call('EXISTS', order) == 0
redis.call('HSET', index, 's', string.format('%.0f', number), hash, place)
redis.call('HINCRBY', index, 'b', size)
redis.call('HSET', bodies, numberOf(place), body)
redis.call('ZADD', order, 0, place .. hash .. struct.pack('>I7I3', time, size) .. tail)
redis.call('ZADD', expiries, expiry, place)
-- Once a day is enough, since the keys live three days longer than any message.
if isFirst or math.floor(number / 1000 / DAY_MS) > math.floor(last / 1000 / DAY_MS) then keepAlive() end
return { 1, expiry }
