#!lua flags=no-writes
-- One page of a namespace, in the order of arrival: {more, hash, packed, expiry, hash, packed, expiry, ...}.
local messages = KEYS[1] -- hash: message hash -> namespace, time, data
local order    = KEYS[2] -- sorted set: message hash by arrival
local expiries = KEYS[3] -- sorted set: place by expiry (ms)
local after, now = ARGV[1], tonumber(ARGV[2])
local maxMessages, maxCost = tonumber(ARGV[3]), tonumber(ARGV[4])
local fixedCost = tonumber(ARGV[5])

local STEP = 100
local from = '-inf'
if after ~= '' then
  local arrival = redis.call('ZSCORE', order, after)
  if arrival then from = '(' .. arrival end
end

local reply, taken, spent, offset = { 0 }, 0, 0, 0
while true do
  local hashes = redis.call('ZRANGE', order, from, '+inf', 'BYSCORE', 'LIMIT', offset, STEP)
  for _, hash in ipairs(hashes) do
    local packed = redis.call('HGET', messages, hash)
    local expiry = redis.call('ZSCORE', expiries, placeOf(hash, packed))
    if tonumber(expiry) > now then
      local cost = fixedCost + math.floor((#packed - HEAD_BYTES) * 4 / 3)
      -- The first message is given whatever it costs, or a client could never get past it.
      if taken >= maxMessages or (taken > 0 and spent + cost > maxCost) then
        reply[1] = 1
        return reply
      end
      reply[#reply + 1] = hash
      reply[#reply + 1] = packed
      reply[#reply + 1] = expiry
      taken, spent = taken + 1, spent + cost
    end
  end
  if #hashes < STEP then return reply end
  offset = offset + STEP
end
