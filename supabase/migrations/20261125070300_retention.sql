-- Retention: what is older than the settings say is removed, some rows of each table at a time.

-- What the environment decided is a setting now.
drop function if exists public.sync_retention(int, int, int);

create index if not exists webhook_events_received_idx on public.webhook_events (received_at);
create index if not exists commands_finished_idx on public.commands (finished_at) where finished_at is not null;

-- One step by one process; answers how many rows it removed, 0 while a peer is at it. The audit log's one exception is made here, for this transaction.
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
