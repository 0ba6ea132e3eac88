/**
 * Inserts a message with its place in the order and its expiry. Keys: messages, order, expiries; arguments: hash, data,
 * expiry.
 */
export const STORE_SCRIPT = `#!lua
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 1 then
  redis.call('ZADD', KEYS[2], redis.call('HINCRBY', KEYS[1], 's', 1), ARGV[1])
end
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
return 1`;
