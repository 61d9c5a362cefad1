// Scripts exist where two commands must not be torn apart by a crash. What may be refused (out of memory, read-only) comes first in each:
// Redis refuses a script's first write only, so a refused script has done nothing.

/** KEYS stream · ARGV group, id... Finished: off the pending list and, with no other reader, off the stream. */
export const finish = `
for i = 2, #ARGV, 1000 do
  local last = math.min(i + 999, #ARGV)
  redis.call('XACK', KEYS[1], ARGV[1], unpack(ARGV, i, last))
  redis.call('XDEL', KEYS[1], unpack(ARGV, i, last))
end`

// Only the owner may move a message elsewhere; a zombie's late word must not make a second copy.
const leave = `
if #redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2]) == 0 then return 0 end
local function leave()
  redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
  if ARGV[4] == '1' then redis.call('XDEL', KEYS[1], ARGV[3]) end
  return 1
end
`

/** KEYS stream, delayed · ARGV group, consumer, id, own, delay ms, raw. To be handled again later, by Redis's clock. */
export const postpone = `${leave}
local now = redis.call('TIME')
redis.call('ZADD', KEYS[2], now[1] * 1000 + math.floor(now[2] / 1000) + ARGV[5], ARGV[6])
return leave()`

/** KEYS stream, dead · ARGV group, consumer, id, own, field, value... For a person to look at. */
export const bury = `${leave}
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 5))
return leave()`

/** KEYS delayed, stream · ARGV limit. Puts back what is due; answers the milliseconds until the next is, or -1. Safe in any number of replicas. */
export const forward = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
for _, raw in ipairs(due) do redis.call('XADD', KEYS[2], '*', 'm', raw) end
if #due > 0 then redis.call('ZREM', KEYS[1], unpack(due)) end
local nextOne = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if #nextOne == 0 then return -1 end
return math.max(0, nextOne[2] - now)`

/** KEYS dead, stream · ARGV id, raw. Only one of two people redriving the same letter moves it. */
export const redrive = `
if redis.call('EXISTS', KEYS[1]) == 0 or #redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1]) == 0 then return 0 end
redis.call('XADD', KEYS[2], '*', 'm', ARGV[2])
return redis.call('XDEL', KEYS[1], ARGV[1])`

/** KEYS stream · ARGV group, consumer, id... Keeps the lease of what is still ours; answers the ids that a peer has taken over. */
export const renew = `
local lost = {}
for i = 3, #ARGV do
  local p = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
  if p and p[2] ~= ARGV[2] then lost[#lost + 1] = ARGV[i]
  elseif p then redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'JUSTID') end
end
return lost`

/** KEYS stream · ARGV group, consumer, min idle ms, cursor, count. Takes over dead peers' messages: cursor, [id, fields, deliveries]..., vanished ids. */
export const claim = `
local r = redis.call('XAUTOCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4], 'COUNT', ARGV[5])
local taken = {}
for _, e in ipairs(r[2]) do
  local p = redis.call('XPENDING', KEYS[1], ARGV[1], e[1], e[1], 1)[1]
  taken[#taken + 1] = { e[1], e[2], p and p[4] or 1 }
end
return { r[1], taken, r[3] or {} }`

/**
 * KEYS stream · ARGV retention ms, unheard ms. Trims what every group has finished and what is older than the retention, in one step, so that
 * nothing can be delivered between looking and trimming.
 */
export const trim = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local function before(a, b)
  local am, as = string.match(a, '(%d+)-(%d+)')
  local bm, bs = string.match(b, '(%d+)-(%d+)')
  if am ~= bm then return tonumber(am) < tonumber(bm) end
  return tonumber(as) < tonumber(bs)
end
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local groups = redis.call('XINFO', 'GROUPS', KEYS[1])
local age = tonumber(#groups == 0 and ARGV[2] or ARGV[1])
local bound = string.format('%.0f-0', math.max(0, now - age))
for _, g in ipairs(groups) do
  local info = {}
  for i = 1, #g, 2 do info[g[i]] = g[i + 1] end
  local done = info['last-delivered-id']
  if info['pending'] > 0 then done = redis.call('XPENDING', KEYS[1], info['name'])[2] end
  if before(done, bound) then bound = done end
end
return redis.call('XTRIM', KEYS[1], 'MINID', bound)`

/** KEYS stream · ARGV group, idle ms. Removes consumers of ended processes, only when they hold nothing: what they hold would be stranded. */
export const sweep = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local removed = 0
for _, c in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local info = {}
  for i = 1, #c, 2 do info[c[i]] = c[i + 1] end
  if info['pending'] == 0 and info['idle'] > tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], info['name'])
    removed = removed + 1
  end
end
return removed`

/** KEYS counter · ARGV window ms. */
export const hit = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { count, redis.call('PTTL', KEYS[1]) }`
