#!lua flags=no-writes
-- One page of a namespace, in the order of arrival: {more, hash, packed, expiry, hash, packed, expiry, ...}.
local messages = KEYS[1] -- hash: message hash -> namespace, time, data
local order    = KEYS[2] -- sorted set: message hash by arrival
local expiries = KEYS[3] -- sorted set: message hash by expiry (ms)
local after, now = ARGV[1], tonumber(ARGV[2])
local maxMessages, maxCost = tonumber(ARGV[3]), tonumber(ARGV[4])
local headBytes, fixedCost = tonumber(ARGV[5]), tonumber(ARGV[6])

local STEP = 100
local from = '-inf'
if after ~= '' then
  local place = redis.call('ZSCORE', order, after)
  if place then from = '(' .. place end
end

local reply, taken, spent, offset = {0}, 0, 0, 0
while true do
  local hashes = redis.call('ZRANGE', order, from, '+inf', 'BYSCORE', 'LIMIT', offset, STEP)
  for _, hash in ipairs(hashes) do
    local expiry = redis.call('ZSCORE', expiries, hash)
    if expiry and tonumber(expiry) > now then
      local bytes = redis.call('HSTRLEN', messages, hash) - headBytes
      local cost = fixedCost + math.floor(bytes * 4 / 3)
      -- The first message is given whatever it costs, or a client could never get past it.
      if taken >= maxMessages or (taken > 0 and spent + cost > maxCost) then
        reply[1] = 1
        return reply
      end
      reply[#reply + 1] = hash
      reply[#reply + 1] = redis.call('HGET', messages, hash)
      reply[#reply + 1] = expiry
      taken, spent = taken + 1, spent + cost
    end
  end
  if #hashes < STEP then return reply end
  offset = offset + STEP
end
