-- Which memory of Redis's was seen last, and since when: another name means that Redis has forgotten everything.
create table if not exists public.sync_streams (
  only_row boolean primary key default true check (only_row),
  epoch text not null,
  seen_at timestamptz not null default now()
);
alter table public.sync_streams enable row level security;
revoke all on public.sync_streams from anon, authenticated;

-- In place of sync_commands_stranded, which services of before still ask. Commands that may be on no stream, marked as published anew: the caller publishes them. Those of before a wipe at once. Else, for a Redis that lost
-- its last second or a publisher that died, each time after twice as long: what only waits (for a paused service, a lost connection) isn't copied without end.
create or replace function public.sync_commands_republish(p_epoch text, p_queued_ms bigint, p_running_ms bigint, p_limit int) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  wiped_at timestamptz;
  found jsonb;
  queued interval := p_queued_ms * interval '1 millisecond';
  running interval := p_running_ms * interval '1 millisecond';
begin
  insert into sync_streams (epoch) values (p_epoch) on conflict (only_row) do update set epoch = excluded.epoch, seen_at = now()
    where sync_streams.epoch <> excluded.epoch;
  select seen_at into wiped_at from sync_streams;
  with stranded as (
    select id from commands
    where (state = 'queued' and (published_at < wiped_at or coalesce(published_at, created_at) < now() - greatest(queued, published_at - created_at)))
       or (state = 'running' and heartbeat_at < now() - running
         and (published_at < wiped_at or greatest(heartbeat_at, published_at) < now() - greatest(running, published_at - heartbeat_at)))
    order by created_at limit p_limit
    for update skip locked
  ), marked as (
    update commands c set published_at = now() from stranded s where c.id = s.id returning c.*
  )
  select coalesce(jsonb_agg(sync_command_json(m) order by m.created_at), '[]') into found from marked m;
  return found;
end $$;

-- A tick is taken by the database's clock: a replica whose own runs ahead would take tomorrow's, and today's would never come.
create or replace function public.sync_schedule_take(p_name text, p_tick timestamptz, p_next timestamptz, p_command_id uuid, p_command text, p_body text) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  soon timestamptz := now() + interval '1 minute';
begin
  if p_tick > soon then return null; end if;
  insert into sync_schedules (name, last_tick, next_tick) values (p_name, p_tick, p_next) on conflict (name) do nothing;
  if found then return null; end if;
  update sync_schedules set last_tick = p_tick, next_tick = p_next where name = p_name and (last_tick < p_tick or last_tick > soon);
  if not found then return null; end if;
  return sync_command_accept(p_command_id, p_command, p_body, 'schedule ' || p_name, 'scheduled');
end $$;

select public.sync_lock_down();
