#!lua
-- Keeps one message. Returns {outcome, expiry}: 'new'; 'held', where the later expiry counts; 'beyond' when the account
-- has its share. From another member also 'deleted' when a tombstone names the message, and 'older' when the outbox has
-- a younger one. Nobody sees a change but with 'new' and 'held'.
-- With 'new' comes a third: 0 when nobody watches the account, 1 when somebody does, 2 when somebody wants the data too.
-- Grows memory, so it carries no allow-oom flag: a full Redis refuses here and loses nothing.
local hash, body, tail, namespace, time = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local expiry, now, replaces, isOfClient = tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8] == '1', ARGV[9] == 'client'
local maxMessages, maxBytes, tag = tonumber(ARGV[10]), tonumber(ARGV[11]), ARGV[12]
local watchers = KEYS[6] -- monitor/note-watcher.lua
local due = KEYS[7] -- sorted set: account tag by expiry (ms); nil where another server of a cluster may have it

local EXPIRED_AT_ONCE = 200 -- freed when an account has reached its share: as many as one step of the purge
local size = #body + #tail

if not isOfClient then
  local until_ = redis.call('ZSCORE', tombstones, hash)
  if until_ and tonumber(until_) > now then return { 'deleted', 0 } end
end

-- What is held of the account: its last number, messages and bytes. Removals below keep `bytes` as it is in the index.
local held, last, bytes = unpack(redis.call('HMGET', index, hash, 's', 'b'))
last, bytes = tonumber(last or 0), tonumber(bytes or 0)
-- Its namespace may be another one: the hash of "2x" in namespace 4 is that of "x" in namespace 42.
local heldExpiry = held and tonumber(redis.call('ZSCORE', expiries, held))
if held and heldExpiry <= now then -- expired means gone, whether or not the purge has come by
  bytes = bytes - remove({ recordAt(held) })
  held = false
end

-- The earliest time counts. In the same step, so that no purge comes between, and a store that is refused leaves nothing.
local function noteDue(ends)
  if due then redis.call('ZADD', due, 'LT', ends, tag) end
end

-- Members must come to the same choice, in whatever order they hear of messages: the later time, then the larger hash.
local function isYounger(record)
  if timeOf(record) ~= time then return timeOf(record) > time end
  local other = hashOf(record)
  for at = 1, #hash do
    if string.byte(other, at) ~= string.byte(hash, at) then return string.byte(other, at) > string.byte(hash, at) end
  end
  return false
end

local others, othersEnds, othersBytes = {}, {}, 0
if replaces then
  forEachBatch(namespace, function(records, ends)
    for at, record in ipairs(records) do
      if hashOf(record) ~= hash and tonumber(ends[at]) > now then -- what has expired is for the purge
        others[#others + 1], othersEnds[#others + 1] = record, ends[at]
        othersBytes = othersBytes + sizeOf(record)
      end
    end
  end)
end
if not isOfClient then
  for _, record in ipairs(others) do
    if isYounger(record) then return { 'older', 0 } end
  end
end

local function replaceOthers()
  bury(others, othersEnds, now)
  bytes = bytes - remove(others)
end

if held then
  replaceOthers()
  if isOfClient then redis.call('ZREM', tombstones, hash) end
  if heldExpiry >= expiry then
    noteDue(heldExpiry)
    return { 'held', heldExpiry }
  end
  redis.call('ZADD', expiries, expiry, held)
  keepAlive()
  noteDue(expiry)
  return { 'held', expiry }
end

-- Besides what the message replaces.
local function keptNow() return math.max(redis.call('HLEN', index) - OWN_FIELDS, 0) - #others end
local kept = keptNow()
local function hasRoom() return kept < maxMessages and bytes - othersBytes + size <= maxBytes end
if not hasRoom() then
  if removeExpired(now, EXPIRED_AT_ONCE) == 0 then return { 'beyond', 0 } end
  kept, bytes = keptNow(), tonumber(redis.call('HGET', index, 'b'))
  if not hasRoom() then return { 'beyond', 0 } end
end
replaceOthers()
if isOfClient then redis.call('ZREM', tombstones, hash) end

-- Time leads, so a number is not given twice even when the keys that held the last one have ended; a clock that was set
-- back does not matter while they are there. Exact in a double until the year 2255.
local number = math.max(last + 1, now * 1000)
local place = namespacePrefix(namespace) .. struct.pack('>I7', number)
redis.call('HSET', index, 's', string.format('%.0f', number), 'b', string.format('%.0f', bytes + size), hash, place)
redis.call('HSET', bodies, numberOf(place), body)
redis.call('ZADD', order, 0, place .. hash .. struct.pack('>I7I3', time, size) .. tail)
redis.call('ZADD', expiries, expiry, place)
-- Once a day is enough, since the keys live three days longer than any message.
if kept == 0 or math.floor(number / 1000 / DAY_MS) > math.floor(last / 1000 / DAY_MS) then keepAlive() end
noteDue(expiry)

local watch = redis.call('GET', watchers)
return { 'new', expiry, not watch and 0 or watch == 'd' and 2 or 1 }
