/**
 * The limiter's state of one organisation, all under one hash tag:
 * `state` what Xero said last, `window` calls by the latest time at which they reached Xero, `counted` those that Xero has answered by the earliest,
 * `leases` running calls by deadline, `line` those who wait by order, `alive` until when each of them is believed to live, `spend` today's calls by service
 * and command.
 */
export const limiterKeys = (tenantId: string) =>
  ['state', 'window', 'counted', 'leases', 'line', 'alive', 'spend'].map((part) => `{afo:xero:${tenantId}}:${part}`)

const prelude = `
local state, window, counted, leases, line, alive, spend = unpack(KEYS)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local today = math.floor(time[1] / 86400)
local function get(field) return tonumber(redis.call('HGET', state, field) or '') end
-- Calls that Xero counts and nobody here is sure of: made by who died before Redis was wiped, or by another system under the same app.
local function strangers() return (get('strangersUntil') or 0) > now and get('strangers') or 0 end
local function keep() for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, 172800000) end end
local function charge(n, service, command)
  if get('day') then redis.call('HINCRBY', state, 'day', -n) end
  if tonumber(redis.call('HGET', spend, 'day') or '') ~= today then redis.call('DEL', spend) redis.call('HSET', spend, 'day', today) end
  -- What is given back may have been charged before the wipe, or yesterday.
  if n < 0 and tonumber(redis.call('HGET', spend, 's:' .. service) or 0) < 1 then return end
  redis.call('HINCRBY', spend, 's:' .. service, n)
  redis.call('HINCRBY', spend, 'c:' .. command, n)
end
`

/**
 * ARGV: id, service, command, people (1 or 0), head start ms, limit, slots, floor, window ms, lease ms, send ms, quiet ms, poll ms, relearn ms.
 * Answers { granted, now, wait ms, reason }. Whoever isn't granted stands in line, ordered by arrival plus its priority's handicap, so that an urgent
 * call overtakes but a waiting one comes to the front in the end.
 */
export const acquireScript = `${prelude}
local id, service, command, people = ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1'
local handicap, limit, slots, floor = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local windowMs, leaseMs, sendMs, quietMs = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])
local pollMs, relearnMs = tonumber(ARGV[13]), tonumber(ARGV[14])
redis.call('ZREMRANGEBYSCORE', window, '-inf', now - windowMs)
redis.call('ZREMRANGEBYSCORE', counted, '-inf', now - windowMs)
redis.call('ZREMRANGEBYSCORE', leases, '-inf', now)
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', alive, '-inf', now)) do
  redis.call('ZREM', line, gone) redis.call('ZREM', alive, gone)
end
-- A Redis that knows nothing may have been wiped: wait until running calls have reported again, then let one at a time ask Xero what is left.
if not get('trusted') then redis.call('HSET', state, 'trusted', 0, 'quietUntil', now + quietMs) end
-- What happened before has left Xero's minute, and what came after is known.
if get('trusted') == 0 and now > (get('quietUntil') or 0) + windowMs then redis.call('HSET', state, 'trusted', 1) end
redis.call('HSET', state, 'limit', limit, 'slots', slots, 'floor', floor, 'windowMs', windowMs)
redis.call('ZADD', line, 'NX', now + handicap, id)
redis.call('ZADD', alive, now + pollMs * 4 + 1000, id)
keep()
local function leave() redis.call('ZREM', line, id) redis.call('ZREM', alive, id) end
local function wait(ms, reason) return { 0, now, math.max(1, math.ceil(ms)), reason } end
local paused, quiet, day = get('pausedUntil') or 0, get('quietUntil') or 0, get('day')
if paused > now then leave() return wait(paused - now, redis.call('HGET', state, 'pauseReason')) end
if quiet > now then return wait(quiet - now, 'minute') end
-- Used up, or kept for people; now and then one goes through to learn whether a new day has begun.
if day and day <= (people and 0 or floor) and get('dayAt') + relearnMs > now then
  leave() return wait(get('dayAt') + relearnMs - now, day <= 0 and 'day' or 'budget')
end
local rank, running, used = redis.call('ZRANK', line, id), redis.call('ZCARD', leases), redis.call('ZCARD', window) + strangers()
if used + rank >= limit then
  local nth = redis.call('ZRANGE', window, used + rank - limit, used + rank - limit, 'WITHSCORES')
  local free = (tonumber(nth[2] or '') or now) + windowMs
  return wait((strangers() > 0 and math.min(free, get('strangersUntil')) or free) - now, 'minute')
end
-- Who may be next asks more often: a slot is free for as long as nobody knows.
if running + rank >= (get('trusted') == 1 and slots or 1) then return wait(rank < slots and pollMs / 5 or pollMs, 'concurrent') end
leave()
redis.call('ZADD', window, now + sendMs, id)
redis.call('ZADD', leases, now + leaseMs, id)
if day and day <= (people and 0 or floor) then redis.call('HSET', state, 'dayAt', now) end
if get('trusted') == 0 then redis.call('HSET', state, 'probe', id) end
charge(1, service, command)
keep()
return { 1, now, 0, '' }
`

/** ARGV: id. Whoever gives up leaves the line. */
export const leaveScript = `${prelude}
redis.call('ZREM', line, ARGV[1])
return redis.call('ZREM', alive, ARGV[1])
`

/**
 * ARGV: lease ms, send ms, then of each call of the last window its id and its scores in `window` and `counted`, empty where it has none. Said again and
 * again by every replica, so that running calls keep their slots and a Redis that has forgotten is told. Answers now and the same of all calls: what one
 * replica called, all who call too remember, so that it is known even after that one and Redis have died.
 */
export const renewScript = `${prelude}
for i = 3, #ARGV, 3 do
  local id, latest, earliest = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if latest == '' then
    redis.call('ZADD', leases, now + ARGV[1], id)
    latest = now + ARGV[2]
  end
  redis.call('ZADD', window, 'GT', latest, id)
  if earliest ~= '' then redis.call('ZADD', counted, earliest, id) end
end
keep()
local calls, seen = {}, redis.call('ZRANGEBYSCORE', window, '-inf', now, 'WITHSCORES')
for i = 1, #seen, 2 do calls[#calls + 1] = { seen[i], seen[i + 1], redis.call('ZSCORE', counted, seen[i]) or '' } end
return { now, calls }
`

/**
 * ARGV: id, sent (1 or 0), the moment of its grant where Xero has counted it, service, command, X-MinLimit-Remaining, X-DayLimit-Remaining, pause ms,
 * pause reason, guard ms; each empty where it isn't known. A call has reached Xero by now at the latest, so from now on it counts for one window. Answers
 * its score; 0 for a call that wasn't sent.
 */
export const releaseScript = `${prelude}
local id, sent, earliest, service, command = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local minute, day, pause, reason = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9]
redis.call('ZREM', leases, id)
if sent == '0' then
  redis.call('ZREM', window, id)
  charge(-1, service, command)
  return 0
end
redis.call('ZADD', window, now, id)
if earliest ~= '' then redis.call('ZADD', counted, earliest, id) end
local windowMs = get('windowMs') or 60000
if pause > 0 then
  redis.call('HSET', state, 'pausedUntil', math.max(get('pausedUntil') or 0, now + pause), 'pauseReason', reason)
  -- Xero counts more calls than we do: ask it again before going on.
  if reason == 'minute' then redis.call('HSET', state, 'trusted', 0, 'quietUntil', math.max(get('quietUntil') or 0, now + pause)) end
elseif minute and get('trusted') == 0 and redis.call('HGET', state, 'probe') == id then
  -- A call that may have left Xero's window already, or may not have arrived, explains nothing, so that one of ours may be taken for a stranger's.
  -- The next call asks again, alone, until everything is explained.
  local ours = redis.call('ZCOUNT', counted, now - windowMs + 2 * ARGV[10], '+inf')
  local unknown = math.max(0, (get('limit') or 0) - minute - ours)
  redis.call('HSET', state, 'strangers', unknown, 'strangersUntil', now + windowMs, 'trusted', unknown == 0 and 1 or 0)
end
if day then
  -- Answers overtake each other by no more than the slots; a greater rise is Xero's, a leap is a new day.
  local known, slots = get('day') or day, get('slots') or 5
  if day > known + slots * 10 then redis.call('HSET', state, 'dayBeganAt', now) end
  if day > known + slots then known = day end
  redis.call('HSET', state, 'day', math.min(known, day), 'dayAt', now)
end
keep()
return now
`

/** Everything, for the quota page. */
export const readScript = `${prelude}
local windowMs = get('windowMs') or 60000
local used = redis.call('ZCOUNT', window, '(' .. (now - windowMs), '+inf') + strangers()
local over = math.max(0, used - (get('limit') or 60))
local next = redis.call('ZRANGEBYSCORE', window, '(' .. (now - windowMs), '+inf', 'WITHSCORES', 'LIMIT', over, 1)
local free = next[2] and math.ceil(next[2] + windowMs - now) or strangers() > 0 and get('strangersUntil') - now or 0
return {
  now, redis.call('HGETALL', state),
  used - over, free,
  redis.call('ZCOUNT', leases, '(' .. now, '+inf'), redis.call('ZCOUNT', alive, '(' .. now, '+inf'),
  tonumber(redis.call('HGET', spend, 'day') or '') == today and redis.call('HGETALL', spend) or {},
}
`
