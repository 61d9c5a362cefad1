-- What is only kept to be looked up would grow for ever. Takes away what is older than its days, some thousand rows of each at once; answers how many went.
create or replace function public.sync_retention(p_audit_days int, p_calls_days int, p_webhook_days int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  gone int;
  total int := 0;
  most constant int := 5000;
begin
  -- The audit log is append-only for everybody else.
  perform set_config('sync.retention', 'on', true);
  delete from audit_log where id in (select id from audit_log where at < now() - p_audit_days * interval '1 day' order by at limit most);
  get diagnostics gone = row_count; total := total + gone;
  perform set_config('sync.retention', 'off', true);
  delete from xero_calls where id in (select id from xero_calls where at < now() - p_calls_days * interval '1 day' order by at limit most);
  get diagnostics gone = row_count; total := total + gone;
  delete from webhook_events where ctid in (select ctid from webhook_events where received_at < now() - p_webhook_days * interval '1 day' limit most);
  get diagnostics gone = row_count; total := total + gone;
  return total;
end $$;

select public.sync_lock_down();
