#!lua
-- Notes that somebody watches an account, for a while. Who wants data counts more than who does not, as long as anybody
-- watches. Grows memory, so it carries no allow-oom flag: whoever asks is told that there is no room.
local watchers = KEYS[1] -- string: 'd' when somebody wants data, otherwise empty
local wish, life = ARGV[1], ARGV[2]

if wish == '' and redis.call('GET', watchers) == 'd' then wish = 'd' end
redis.call('SET', watchers, wish, 'PX', life)
return 1
