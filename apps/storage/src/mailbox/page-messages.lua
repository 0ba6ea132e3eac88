#!lua flags=no-writes
-- One page of a namespace, in the order of arrival: {more, record, body, expiry, record, body, expiry, ...}.
local namespace, after, now = ARGV[1], ARGV[2], tonumber(ARGV[3])
local maxMessages, maxCost, fixedCost = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])

local STEP = 100 -- records looked at in one call
local from, to = rangeOf(namespace)
local afterPlace = after ~= '' and redis.call('HGET', index, after)
-- One that has expired is not held any more, whether it was purged or not: from the beginning.
if
  afterPlace
  and string.sub(afterPlace, 1, 2) == namespacePrefix(namespace)
  and tonumber(redis.call('ZSCORE', expiries, afterPlace)) > now
then
  from = '(' .. afterPlace .. PAST_PLACE
end

local reply, taken, spent = { 0 }, 0, 0
while true do
  local records, places = redis.call('ZRANGE', order, from, to, 'BYLEX', 'LIMIT', 0, STEP), {}
  if #records == 0 then return reply end
  for at, record in ipairs(records) do places[at] = placeOf(record) end
  local ends = redis.call('ZMSCORE', expiries, unpack(places))
  for at, record in ipairs(records) do
    if tonumber(ends[at]) > now then
      local cost = fixedCost + math.floor(sizeOf(record) * 4 / 3)
      -- The first message is given whatever it costs, or a client could never get past it.
      if taken >= maxMessages or (taken > 0 and spent + cost > maxCost) then
        reply[1] = 1
        return reply
      end
      reply[#reply + 1] = record
      reply[#reply + 1] = redis.call('HGET', bodies, numberOf(places[at]))
      reply[#reply + 1] = ends[at]
      taken, spent = taken + 1, spent + cost
    end
  end
  if #records < STEP then return reply end
  from = '(' .. records[#records]
end
