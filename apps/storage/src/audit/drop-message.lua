#!lua flags=allow-oom
-- Takes a damaged message out of every key, without a tombstone: whoever has it whole may bring it back. The size in a
-- record may be what is damaged, so the bytes of the account are counted anew.
local record = ARGV[1]
if not redis.call('ZSCORE', order, record) then return 0 end
remove({ record })
local bytes = 0
forEachBatch('all', function(records)
  for _, each in ipairs(records) do bytes = bytes + sizeOf(each) end
end)
redis.call('HSET', index, 'b', bytes)
return 1
