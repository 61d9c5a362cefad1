-- A job that was interrupted goes on counting where it was: whoever takes its command is told the progress that was written down last.
create or replace function public.sync_command_start(p_id uuid, p_name text, p_body text, p_owner text, p_triggered_by text, p_beat_ms bigint) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  c public.commands;
begin
  insert into commands (id, name, body, asked_by, triggered_by, published_at)
    values (p_id, p_name, p_body::jsonb, 'system', p_triggered_by, now()) on conflict (id) do nothing;
  select * into c from commands where id = p_id for update;
  if c.state in ('done', 'failed', 'cancelled') then
    return jsonb_build_object('go', false, 'why', 'ended', 'state', c.state);
  end if;
  if c.cancel_requested_at is not null then
    perform sync_command_finish(p_id, 'cancelled', null, null);
    return jsonb_build_object('go', false, 'why', 'ended', 'state', 'cancelled');
  end if;
  if c.state = 'running' and c.owner is distinct from p_owner and c.heartbeat_at > now() - p_beat_ms * interval '1 millisecond' then
    return jsonb_build_object('go', false, 'why', 'busy', 'state', c.state);
  end if;
  update commands set state = 'running', owner = p_owner, started_at = coalesce(started_at, now()), heartbeat_at = now() where id = p_id;
  insert into xero_sync_log (command_id, job, triggered_by, status, started_at) values (p_id, c.name, c.triggered_by, 'running', now())
    on conflict (command_id) do nothing;
  return jsonb_build_object('go', true, 'why', 'started', 'state', 'running', 'progress', c.progress);
end $$;
