-- A report tells what it cost: every call it made, those that Xero didn't answer as well. What changed is kept as long as the audit log.

create or replace function public.sync_view_report(r public.reports) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('id', r.id, 'state', case when r.finished_at is not null then 'done' when c.state in ('queued', 'running') then 'running'
      when c.state = 'cancelled' then 'cancelled' else 'failed' end,
    'askedBy', coalesce(c.asked_by, ''), 'startedAt', r.started_at, 'finishedAt', r.finished_at,
    -- A call is recorded a moment after its answer, and its record is removed in time.
    'calls', greatest(r.calls, (select count(*) from xero_calls k where k.correlation_id = r.id::text)),
    'read', jsonb_build_object('contacts', coalesce((r.read ->> 'contacts')::int, 0), 'items', coalesce((r.read ->> 'items')::int, 0),
      'invoices', coalesce((r.read ->> 'invoices')::int, 0)),
    'differences', (select count(*) from report_differences d where d.report_id = r.id),
    'kinds', coalesce((select jsonb_object_agg(kind, n) from (select kind, count(*) as n from report_differences d where d.report_id = r.id group by kind) k), '{}'),
    'problem', c.problem)
  from (select 1) one left join commands c on c.id = r.id
$$;

create index if not exists sync_changes_at_idx on public.sync_changes (at);

create or replace function public.sync_retention_step(p_days text, p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  t record;
  n int;
  removed int := 0;
begin
  if not pg_try_advisory_xact_lock(hashtext('sync_retention_step')) then return 0; end if;
  perform set_config('sync.retention', 'on', true);
  for t in select * from (values
    ('xero_sync_log', 'started_at', 'status <> ''running''', 'logs'),
    ('commands', 'finished_at', 'state in (''done'', ''failed'', ''cancelled'')', 'logs'),
    ('xero_calls', 'at', 'true', 'calls'),
    ('audit_log', 'at', 'true', 'audit'),
    ('sync_changes', 'at', 'true', 'audit'),
    ('reports', 'started_at', 'true', 'reports'),
    ('alerts', 'at', 'not exists (select from alert_deliveries d where d.alert_id = alerts.id and d.state = ''waiting'')', 'alerts'),
    ('webhook_events', 'received_at', 'true', 'webhookEvents'),
    ('idempotency_keys', 'started_at', '(lease_until is null or lease_until < now())', 'idempotencyKeys')) x (name, at, also, setting) loop
    execute format('delete from %1$I where ctid = any(array(select ctid from %1$I where %2$I < now() - $1 and %3$s order by %2$I limit $2))', t.name, t.at, t.also)
      using make_interval(days => (p_days::jsonb ->> t.setting)::int), p_limit;
    get diagnostics n = row_count;
    removed := removed + n;
  end loop;
  perform set_config('sync.retention', '', true);
  return removed;
end $$;

select public.sync_lock_down();
