-- A command counts as published when it was: one that was to be published again and couldn't be waited for as long as it was old already.

-- Somebody publishes it again since then: `published_at` follows when that has worked.
alter table public.commands add column if not exists publishing_since timestamptz;

-- Commands that may be on no stream, each given to one caller, who publishes it; to another when that one seems to have died. Those of before a wipe at
-- once. Else, for a Redis that lost its last second, each time after twice as long, p_most_ms at most: what only waits (for a paused service, a lost
-- connection) isn't copied without end.
drop function if exists public.sync_commands_republish(text, bigint, bigint, int);
create or replace function public.sync_commands_republish(p_epoch text, p_queued_ms bigint, p_running_ms bigint, p_limit int, p_most_ms bigint default 3600000)
returns jsonb language plpgsql security definer set search_path = public, pg_temp as $$
declare
  wiped_at timestamptz;
  found jsonb;
  queued interval := p_queued_ms * interval '1 millisecond';
  running interval := p_running_ms * interval '1 millisecond';
  most interval := p_most_ms * interval '1 millisecond';
begin
  insert into sync_streams (epoch) values (p_epoch) on conflict (only_row) do update set epoch = excluded.epoch, seen_at = now()
    where sync_streams.epoch <> excluded.epoch;
  select seen_at into wiped_at from sync_streams;
  with stranded as (
    select id from commands
    where (publishing_since is null or publishing_since < now() - queued)
      and ((state = 'queued' and (published_at < wiped_at
          or coalesce(published_at, created_at) < now() - greatest(queued, least(most, coalesce(published_at - created_at, '0')))))
        or (state = 'running' and heartbeat_at < now() - running and (published_at < wiped_at
          or greatest(heartbeat_at, published_at) < now() - greatest(running, least(most, coalesce(published_at - heartbeat_at, '0'))))))
    order by created_at limit p_limit
    for update skip locked
  ), marked as (
    update commands c set publishing_since = now() from stranded s where c.id = s.id returning c.*
  )
  select coalesce(jsonb_agg(sync_command_json(m) order by m.created_at), '[]') into found from marked m;
  return found;
end $$;

-- It is on its stream. Of one that was published again the moment is when that began: a wipe since then may have taken it.
create or replace function public.sync_command_published(p_id uuid) returns void
language sql security definer set search_path = public, pg_temp as $$
  update commands set published_at = coalesce(publishing_since, now()), publishing_since = null where id = p_id
$$;

select public.sync_lock_down();
