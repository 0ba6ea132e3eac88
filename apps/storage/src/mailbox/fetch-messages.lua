#!lua flags=no-writes
-- Messages of an account by their hashes, in whatever namespaces: {record, body, expiry, ...}. Those that are not there are
-- left out, and so are those that do not fit any more.
local now, maxBytes = tonumber(ARGV[1]), tonumber(ARGV[2])

local reply, bytes = {}, 0
for at = 3, #ARGV do
  local place = redis.call('HGET', index, ARGV[at])
  local expiry = place and redis.call('ZSCORE', expiries, place)
  if expiry and tonumber(expiry) > now then
    local record = recordAt(place)
    bytes = bytes + sizeOf(record)
    if bytes > maxBytes then return reply end
    reply[#reply + 1] = record
    reply[#reply + 1] = redis.call('HGET', bodies, numberOf(place))
    reply[#reply + 1] = expiry
  end
end
return reply
