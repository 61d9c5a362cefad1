// A script is where two commands must not be torn apart by a crash. What Redis may refuse (memory, read-only) comes first: it refuses a
// script's first write only, so that a refused script has done nothing.

const now = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)`

/** KEYS stream · ARGV shared, group, id... Off the pending list and, with no other reader, off the stream. */
export const finish = `
redis.call('XACK', KEYS[1], unpack(ARGV, 2))
if ARGV[1] == 'false' then redis.call('XDEL', KEYS[1], unpack(ARGV, 3)) end`

/** KEYS stream, delayed or dead · ARGV group, consumer, id, shared, delay ms or -1, JSON. Only by the owner: a zombie's late word must not make a second copy. */
export const move = `${now}
if #redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2]) == 0 then return 0 end
if ARGV[5] == '-1' then redis.call('XADD', KEYS[2], '*', 'm', ARGV[6])
else redis.call('ZADD', KEYS[2], now + ARGV[5], ARGV[6]) end
redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
if ARGV[4] == 'false' then redis.call('XDEL', KEYS[1], ARGV[3]) end
return 1`

/** KEYS delayed, stream · ARGV limit. Puts back what is due, safely in any number of replicas; answers the milliseconds until the next is, or -1. */
export const forward = `${now}
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
for _, raw in ipairs(due) do redis.call('XADD', KEYS[2], '*', 'm', raw) end
if #due > 0 then redis.call('ZREM', KEYS[1], unpack(due)) end
local after = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
return after and math.max(0, after - now) or -1`

/** KEYS dead, stream · ARGV id, JSON. Of two people redriving the same letter, one moves it. */
export const redrive = `
if #redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1]) == 0 then return 0 end
redis.call('XADD', KEYS[2], '*', 'm', ARGV[2])
return redis.call('XDEL', KEYS[1], ARGV[1])`

/** KEYS stream · ARGV group, consumer, id. Keeps the lease; answers 0 when a peer has it. */
export const renew = `
local p = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1)[1]
if p and p[2] ~= ARGV[2] then return 0 end
if p then redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[3], 'JUSTID') end
return 1`

/** KEYS stream · ARGV group, consumer, lease ms, cursor, count. Takes over: the next cursor, [id, fields, deliveries]..., ids gone from the stream. */
export const claim = `
local r = redis.call('XAUTOCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4], 'COUNT', ARGV[5])
for _, e in ipairs(r[2]) do e[3] = redis.call('XPENDING', KEYS[1], ARGV[1], e[1], e[1], 1)[1][4] end
return r`

/** KEYS stream · ARGV group, idle ms. Removes ended processes' consumers, only if they hold nothing: it would be stranded. */
export const sweep = `
for _, c in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  if c[4] == 0 and c[6] > tonumber(ARGV[2]) then redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], c[2]) end
end`

/** KEYS counter · ARGV window ms. */
export const hit = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { count, redis.call('PTTL', KEYS[1]) }`
