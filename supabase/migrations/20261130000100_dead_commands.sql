-- Ends as failed a command whose message nobody will deliver again. Not one that somebody works on: its beat is younger than p_beat_ms.
create or replace function public.sync_command_bury(p_id uuid, p_problem text, p_beat_ms bigint) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from commands where id = p_id and (state = 'queued' or state = 'running' and heartbeat_at <= now() - p_beat_ms * interval '1 millisecond') for update;
  return found and sync_command_finish(p_id, 'failed', null, p_problem);
end $$;

select public.sync_lock_down();
