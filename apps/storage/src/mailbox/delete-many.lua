#!lua flags=allow-oom
-- Deletes what an account has in one namespace or all, up to a time. Returns place and hash of those that had not expired.
-- Reads no body, and frees more than the tombstones take.
local now, scope, before = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]) -- no time: whatever it is

local deleted = {}
forEachBatch(scope, function(records, ends)
  local meant, meantEnds = {}, {}
  for at, record in ipairs(records) do
    if before == nil or timeOf(record) <= before then
      meant[#meant + 1] = record
      meantEnds[#meant] = ends[at]
      if tonumber(ends[at]) > now then deleted[#deleted + 1] = string.sub(record, 1, TIME_AT - 1) end
    end
  end
  bury(meant, meantEnds, now)
  remove(meant)
end)
return deleted
