-- Alerts: what somebody should know without looking. A cause is said once, and again only when its version changes; what is said is an alert, and each way
-- to a person is a delivery, which is tried until it arrives or is too old to matter.

-- Causes that were said and are still there.
create table if not exists public.alert_causes (
  kind text not null,
  key text not null,
  version text not null,
  said_at timestamptz not null default now(),
  primary key (kind, key)
);

create table if not exists public.alerts (
  id uuid primary key,
  at timestamptz not null default now(),
  kinds text[] not null,
  causes int not null,
  subject text not null,
  text text not null,
  test boolean not null default false
);
create index if not exists alerts_at_idx on public.alerts (at desc);

create table if not exists public.alert_deliveries (
  id uuid primary key default gen_random_uuid(),
  alert_id uuid not null references public.alerts (id) on delete cascade,
  channel text not null check (channel in ('email', 'webhook')),
  target text not null,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
  attempts int not null default 0,
  next_at timestamptz not null default now(),
  lease_until timestamptz,
  error text,
  sent_at timestamptz,
  unique (alert_id, channel)
);
create index if not exists alert_deliveries_waiting_idx on public.alert_deliveries (next_at) where state = 'waiting';

alter table public.alert_causes enable row level security;
alter table public.alerts enable row level security;
alter table public.alert_deliveries enable row level security;
revoke all on public.alert_causes, public.alerts, public.alert_deliveries from anon, authenticated;

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

-- What was not said yet, by kind: how much, the first lines, and a mark that stands for exactly these causes.
create or replace function public.sync_alert_groups(p_facts jsonb) returns table (kind text, n int, money numeric, mark text, lines jsonb)
language sql stable set search_path = public, pg_temp as $$
  select c.kind, count(*)::int, sum(c.money), md5(string_agg(c.key || ' ' || c.version, chr(10) order by c.key)),
    (array_to_json((array_agg(c.line || jsonb_build_object('money', c.money::text) order by c.money desc nulls last, c.at, c.key))[1:10]))::jsonb
  from sync_alert_causes(p_facts) c
  where not exists (select from alert_causes s where s.kind = c.kind and s.key = c.key and s.version = c.version)
  group by c.kind
$$;

-- Forgets what is no longer wrong, so that it is said when it comes back, and answers what was not said yet. `slot` is the day of the last digest.
create or replace function public.sync_alerts_unsaid(p_facts text) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from alert_causes s
  where not (s.kind = 'quota' and p_facts::jsonb -> 'quota' = 'null') and not (s.kind = 'deadLetters' and p_facts::jsonb -> 'deadLetters' = 'null')
    and not exists (select from sync_alert_causes(p_facts::jsonb) c where c.kind = s.kind and c.key = s.key);
  return jsonb_build_object('now', now(), 'slot', (select value ->> 'slot' from xero_cursors where name = 'alerts.digest'),
    'groups', coalesce((select jsonb_agg(jsonb_build_object('kind', kind, 'count', n, 'money', money::text, 'mark', mark, 'lines', lines)) from sync_alert_groups(p_facts::jsonb)), '[]'));
end $$;

-- Says it: one alert with its deliveries, and the causes are said. Answers false, and does nothing, when they are no longer those that the caller read:
-- another replica was first, or something changed.
create or replace function public.sync_alerts_say(p_facts text, p_said text, p_slot text, p_alert text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  a jsonb := p_alert::jsonb;
begin
  perform pg_advisory_xact_lock(hashtext('sync_alerts_say'));
  if exists (
    select from jsonb_array_elements(p_said::jsonb) s
    where not exists (select from sync_alert_groups(p_facts::jsonb) g where g.kind = s ->> 'kind' and g.mark = s ->> 'mark')) then
    return false;
  end if;
  if p_slot is not null then perform sync_cursor_write('alerts.digest', jsonb_build_object('slot', p_slot)::text); end if;
  insert into alert_causes (kind, key, version)
    select c.kind, c.key, c.version from sync_alert_causes(p_facts::jsonb) c where c.kind in (select s ->> 'kind' from jsonb_array_elements(p_said::jsonb) s)
    on conflict (kind, key) do update set version = excluded.version, said_at = now();
  if a is null then return true; end if;
  insert into alerts (id, kinds, causes, subject, text, test)
    values ((a ->> 'id')::uuid, array(select jsonb_array_elements_text(a -> 'kinds')), (a ->> 'causes')::int, a ->> 'subject', a ->> 'text', (a ->> 'test')::boolean);
  insert into alert_deliveries (alert_id, channel, target)
    select (a ->> 'id')::uuid, t ->> 'channel', t ->> 'target' from jsonb_array_elements(a -> 'targets') t;
  return true;
end $$;

-- Takes deliveries that are due, so that one process alone sends each; a dead one's come back when its lease is over.
create or replace function public.sync_alerts_take(p_limit int, p_lease_ms bigint) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
  with due as (
    select id from alert_deliveries where state = 'waiting' and next_at <= now() and (lease_until is null or lease_until < now())
    order by next_at limit p_limit for update skip locked
  ), taken as (
    update alert_deliveries d set lease_until = now() + p_lease_ms * interval '1 millisecond', attempts = attempts + 1 from due where d.id = due.id returning d.*
  )
  select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'channel', t.channel, 'attempts', t.attempts, 'alert', jsonb_build_object('id', a.id, 'at', a.at,
    'kinds', a.kinds, 'causes', a.causes, 'subject', a.subject, 'text', a.text, 'test', a.test))), '[]')
  from taken t join alerts a on a.id = t.alert_id
$$;

-- How a delivery went: sent, to be tried again after `p_retry_ms`, or given up.
create or replace function public.sync_alerts_delivered(p_id uuid, p_error text, p_retry_ms bigint) returns void
language sql security definer set search_path = public, pg_temp as $$
  update alert_deliveries set lease_until = null, error = p_error,
    state = case when p_error is null then 'sent' when p_retry_ms is null then 'failed' else 'waiting' end,
    sent_at = case when p_error is null then now() end,
    next_at = now() + coalesce(p_retry_ms, 0) * interval '1 millisecond'
  where id = p_id and state = 'waiting'
$$;

create or replace function public.sync_list_alerts(p_query text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select list_page($q$
    select id::text, at, jsonb_build_object('id', id, 'at', at, 'kinds', kinds, 'causes', causes, 'subject', subject, 'text', text, 'test', test,
      'deliveries', (select coalesce(jsonb_agg(jsonb_build_object('channel', channel, 'target', target, 'state', state, 'attempts', attempts, 'error', error,
        'sentAt', sent_at, 'nextAt', case when state = 'waiting' then next_at end) order by channel), '[]') from alert_deliveries d where d.alert_id = a.id)) as item
    from alerts a
    where ($2 ->> 'kind' is null or $2 ->> 'kind' = any(kinds)) and ($2 ->> 'id' is null or id = ($2 ->> 'id')::uuid) and ($1 is null or subject ilike $1 or text ilike $1)
  $q$, '{"at": "timestamptz"}', '-at', p_query)
$$;

select public.sync_lock_down();
