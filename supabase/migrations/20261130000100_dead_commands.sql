-- How a command fails: why it is tried again is kept with it, and one that nobody will try again ends.

-- Gives a command back to the queue: its message will come again. p_problem: why, where it is worth telling.
drop function if exists public.sync_command_release(uuid, text);
create or replace function public.sync_command_release(p_id uuid, p_owner text, p_problem text default null) returns void
language sql security definer set search_path = public, pg_temp as $$
  update commands set state = 'queued', owner = null, published_at = now(), problem = coalesce(p_problem::jsonb, problem)
    where id = p_id and owner = p_owner and state = 'running'
$$;

-- Ends as failed a command whose message nobody will deliver again. Not one that somebody works on: its beat is younger than p_beat_ms.
create or replace function public.sync_command_bury(p_id uuid, p_problem text, p_beat_ms bigint) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from commands where id = p_id and (state = 'queued' or state = 'running' and heartbeat_at <= now() - p_beat_ms * interval '1 millisecond') for update;
  if not found then return false; end if;
  return sync_command_finish(p_id, 'failed', null, p_problem);
end $$;

-- A command that is tried again waits for what failed, not for a service that takes it up.
create or replace function public.sync_overview(p_zone text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'at', now(),
    'connection', (select jsonb_build_object('connected', disconnected_at is null and not sync_secret_is_refused(), 'tenantId', tenant_id,
        'tenantName', tenant_name, 'disconnectedReason', coalesce(disconnected_reason, case when sync_secret_is_refused() then 'secret-refused' end), 'refreshedAt', refreshed_at,
        'refreshedAgoMs', floor(extract(epoch from now() - refreshed_at) * 1000)::bigint) from xero_tokens where selected),
    'paused', sync_pauses_list(),
    'running', coalesce((select jsonb_agg(sync_command_json(c) order by c.created_at) from (
      select * from commands where state = 'running' order by created_at limit 20) c), '[]'),
    'queued', (select jsonb_build_object('count', count(*), 'oldest', min(created_at) filter (where started_at is null),
        'failing', (select jsonb_build_object('name', name, 'since', created_at, 'code', problem ->> 'failure') from commands
          where state = 'queued' and problem is not null order by created_at limit 1)) from commands where state = 'queued'),
    'jobs', coalesce((select jsonb_agg(jsonb_build_object('job', s.name, 'nextRunAt', s.next_tick, 'lastRun', sync_view_run(l)) order by s.next_tick)
      from sync_schedules s left join lateral (select x.* from commands c join xero_sync_log x on x.command_id = c.id
        where c.asked_by = 'schedule ' || s.name order by c.created_at desc limit 1) l on true), '[]'),
    'lastSuccessAt', (select max(finished_at) from xero_sync_log where status in ('success', 'partial')),
    'failures', (select jsonb_build_object('count', coalesce(sum(n), 0), 'money', coalesce(sum(money), 0)::text)
      from (select count(*) as n, max(money) as money from xero_failures where resolved_at is null group by entity, entity_id) f),
    'conflicts', (select count(*) from xero_conflicts where state = 'open'),
    'matches', (select count(*) from xero_matches where state = 'open'),
    'unbilled', sync_unbilled_money(p_zone),
    'unpaid', (select jsonb_build_object('count', count(*), 'money', coalesce(sum(amount_due), 0)::text)
      from invoices where state = 'issued' and payment_status <> 'Paid'),
    'overdue', (select jsonb_build_object('count', count(*), 'money', coalesce(sum(amount_due), 0)::text)
      from invoices where state = 'issued' and payment_status <> 'Paid' and payment_status = 'Overdue'))
$$;

select public.sync_lock_down();
