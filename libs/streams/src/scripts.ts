// A script is where two commands must not be torn apart by a crash. What Redis may refuse (memory, read-only) comes first: it refuses a
// script's first write only, so that a refused script has done nothing.

const now = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)`

/** KEYS the stream of each · ARGV the JSON of each. All or none. */
export const publish = `
for i, key in ipairs(KEYS) do redis.call('XADD', key, '*', 'm', ARGV[i]) end`

/**
 * KEYS stream, delayed, dead · ARGV group, consumer, whether to delete, then of each ended message: id; done, dead or a delay in ms; JSON.
 * Put elsewhere only by its owner: a zombie's late word must not make a second copy.
 */
export const settle = `${now}
local ids = {}
for i = 4, #ARGV, 3 do
  local id, to, json = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if to == 'done' or #redis.call('XPENDING', KEYS[1], ARGV[1], id, id, 1, ARGV[2]) > 0 then
    if to == 'dead' then redis.call('XADD', KEYS[3], '*', 'm', json)
    elseif to ~= 'done' then redis.call('ZADD', KEYS[2], now + to, json) end
    ids[#ids + 1] = id
  end
end
if #ids == 0 then return end
redis.call('XACK', KEYS[1], ARGV[1], unpack(ids))
if ARGV[3] == 'true' then redis.call('XDEL', KEYS[1], unpack(ids)) end`

/** KEYS epoch · ARGV a new name. What Redis's memory is called. */
export const epoch = `
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])`

/** KEYS delayed, stream · ARGV limit. Puts back what is due, safely in any number of replicas; answers how many. */
export const forward = `${now}
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
for _, raw in ipairs(due) do redis.call('XADD', KEYS[2], '*', 'm', raw) end
if #due > 0 then redis.call('ZREM', KEYS[1], unpack(due)) end
return #due`

/** KEYS dead, stream · ARGV id, JSON. Of two people redriving the same letter, one moves it. */
export const redrive = `
if #redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1]) == 0 then return 0 end
redis.call('XADD', KEYS[2], '*', 'm', ARGV[2])
return redis.call('XDEL', KEYS[1], ARGV[1])`

/** KEYS the stream of each held message · ARGV group, consumer, the id of each. Keeps the leases; answers the places of those that a peer has. */
export const renew = `
local lost = {}
for i, key in ipairs(KEYS) do
  local p = redis.call('XPENDING', key, ARGV[1], ARGV[i + 2], ARGV[i + 2], 1)[1]
  if p and p[2] ~= ARGV[2] then lost[#lost + 1] = i
  elseif p then redis.call('XCLAIM', key, ARGV[1], ARGV[2], 0, ARGV[i + 2], 'JUSTID') end
end
return lost`

/** KEYS streams · ARGV group, consumer, lease ms, room. Takes over: [stream, id, fields, deliveries]..., and the ids gone from their streams. */
export const claim = `
local taken, gone, room = {}, {}, tonumber(ARGV[4])
for _, key in ipairs(KEYS) do
  local cursor
  while cursor ~= '0-0' and room > 0 do
    local r = redis.call('XAUTOCLAIM', key, ARGV[1], ARGV[2], ARGV[3], cursor or '0-0', 'COUNT', room)
    for _, e in ipairs(r[2]) do
      taken[#taken + 1] = { key, e[1], e[2], redis.call('XPENDING', key, ARGV[1], e[1], e[1], 1)[1][4] }
    end
    for _, id in ipairs(r[3]) do gone[#gone + 1] = id end
    cursor, room = r[1], room - #r[2]
  end
end
return { taken, gone }`

/** KEYS streams. Redis's clock, and of each group: place of its stream, name, length, lag, pending, oldest pending, last delivered. */
export const groups = `${now}
local rows = {}
for i, key in ipairs(KEYS) do
  for _, g in ipairs(redis.call('EXISTS', key) == 1 and redis.call('XINFO', 'GROUPS', key) or {}) do
    rows[#rows + 1] = { i - 1, g[2], redis.call('XLEN', key), g[12], g[6], redis.call('XPENDING', key, g[2])[2], g[8] }
  end
end
return { now, rows }`

/** KEYS stream · ARGV group, idle ms. Removes ended processes' consumers, only if they hold nothing: it would be stranded. */
export const sweep = `
for _, c in ipairs(redis.call('EXISTS', KEYS[1]) == 1 and redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1]) or {}) do
  if c[4] == 0 and c[6] > tonumber(ARGV[2]) then redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], c[2]) end
end`
