-- A job that has not run has no run: null, not an object of nulls. The overview asks for one where there is none.
create or replace function public.sync_view_run(l public.xero_sync_log) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select case when l.id is not null then jsonb_build_object('id', l.id::text, 'commandId', l.command_id, 'job', l.job, 'triggeredBy', l.triggered_by,
    'status', l.status, 'counts', l.counts, 'message', l.message, 'startedAt', l.started_at, 'finishedAt', l.finished_at) end
$$;

select public.sync_lock_down();
