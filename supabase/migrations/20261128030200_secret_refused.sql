-- Xero refuses the app's client secret: wrong, or made anew at Xero. The tokens stay, since the right secret makes them work again; the open failure is the
-- state. A refresh or a consent that works ends it.

create or replace function public.sync_secret_is_refused() returns boolean
language sql stable set search_path = public, pg_temp as $$
  select exists (select from xero_failures where entity = 'connection' and code = 'AFO-104' and resolved_at is null)
$$;

-- Told once, however many ask. A refusal that is older than the tokens (p_version) is about a secret that worked since.
create or replace function public.sync_secret_refused(p_id uuid, p_version bigint) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into xero_failures (entity, entity_id, code, message)
    select 'connection', tenant_id, 'AFO-104', 'Xero refused the client id and secret of the app' from xero_tokens
    where id = p_id and token_version = p_version and selected and disconnected_at is null
  on conflict (entity, entity_id, code) where resolved_at is null do nothing
$$;

create or replace function public.sync_secret_accepted() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update xero_failures set resolved_at = now(), resolution = 'fixed' where entity = 'connection' and code = 'AFO-104' and resolved_at is null;
  return null;
end $$;
drop trigger if exists sync_secret_accepted on public.xero_tokens;
create trigger sync_secret_accepted after insert or update of refreshed_at on public.xero_tokens for each row execute function public.sync_secret_accepted();

create or replace function public.sync_connection_read() returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'current', (select sync_connection_json(t) from xero_tokens t where selected),
    'pending', (select sync_connection_json(t) from xero_tokens t where not selected order by created_at desc limit 1),
    'secretRefused', sync_secret_is_refused())
$$;

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
    'queued', (select jsonb_build_object('count', count(*), 'oldest', min(created_at)) from commands where state = 'queued'),
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

-- Everything that is wrong now. `p_facts` carries what Postgres doesn't know: dayMs, and quota and deadLetters as causes, null where Redis didn't answer.
create or replace function public.sync_alert_causes(p_facts jsonb) returns table (kind text, key text, version text, line jsonb, money numeric, at timestamptz)
language sql stable set search_path = public, pg_temp as $$
  with day as (select (p_facts ->> 'dayMs')::bigint * interval '1 millisecond' as long),
  connection as (select * from xero_tokens where selected order by updated_at desc limit 1),
  waiting as (
    select f.*, coalesce((select name from clients where id = f.client_id), '') as client from xero_failures f where f.resolved_at is null
  ), report as (select * from reports where finished_at is not null order by started_at desc limit 1)
  select 'disconnected', c.tenant_id, c.disconnected_at::text, jsonb_build_object('code', 'AFO-101', 'text',
      coalesce(c.tenant_name, 'Xero') || ': ' || coalesce(c.disconnected_reason, 'the connection is gone')), null::numeric, c.disconnected_at
    from connection c where c.disconnected_at is not null
  union all
  select 'disconnected', c.tenant_id, f.first_seen_at::text, jsonb_build_object('code', f.code, 'text',
      coalesce(c.tenant_name, 'Xero') || ': ' || f.message), null, f.first_seen_at
    from connection c join waiting f on f.entity = 'connection' and f.code = 'AFO-104' where c.disconnected_at is null
  union all
  select 'lapsing', c.tenant_id, c.refreshed_at::text || w.days, jsonb_build_object('code', null, 'text',
      format('%s: unused, the connection ends in %s days or less. Connect again to keep it.', coalesce(c.tenant_name, 'Xero'), w.days)), null, c.refreshed_at
    from connection c, day, lateral (select min(d) as days from unnest(array[14, 7, 1]) d where now() > c.refreshed_at + (60 - d) * day.long) w
    where c.disconnected_at is null and w.days is not null
  union all
  select 'failures', f.id::text, '', jsonb_build_object('code', f.code, 'text', concat_ws(': ', nullif(f.client, ''), f.message)), f.money, f.first_seen_at
    from waiting f, day where f.first_seen_at < now() - day.long
  union all
  select 'refused', f.id::text, md5(f.code || f.message), jsonb_build_object('code', f.code, 'text', concat_ws(': ', nullif(f.client, ''), f.message)),
      f.money, f.first_seen_at
    from waiting f where f.entity = 'invoice' and f.code like 'AFO-4%'
  union all
  select 'differences', 'report', md5(string_agg(concat_ws('|', d.entity, d.kind, d.our_id, d.xero_id, d.field, d.ours, d.theirs), chr(10)
      order by d.entity, d.kind, d.our_id, d.xero_id, d.field)), jsonb_build_object('code', null, 'text',
      format('%s differences between both sides in the report of %s', count(*), to_char(min(r.started_at), 'YYYY-MM-DD'))), null, min(r.started_at)
    from report r join report_differences d on d.report_id = r.id having count(*) > 0
  union all
  select e ->> 'kind', e ->> 'key', e ->> 'version', e -> 'line', null, now()
    from jsonb_array_elements(coalesce(nullif(p_facts -> 'quota', 'null'), '[]') || coalesce(nullif(p_facts -> 'deadLetters', 'null'), '[]')) e
$$;

select public.sync_lock_down();
