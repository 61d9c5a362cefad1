-- Functions every service uses. All start with sync_, run as their owner with a fixed search_path, and are for the service role alone
-- (sync_lock_down, called at the end of every migration that adds functions). JSON arguments come as text: some drivers encode a jsonb argument
-- twice. Money leaves as text, never as a JSON number.

-- Raises an error that reaches the caller as a status and a code, through PostgREST's own convention.
create or replace function public.sync_fail(p_status int, p_code text, p_message text) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  raise sqlstate 'PGRST' using
    message = json_build_object('code', p_code, 'message', p_message)::text,
    detail = json_build_object('status', p_status, 'headers', json_build_object())::text;
end $$;

create or replace function public.sync_lock_down() returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  f regprocedure;
begin
  for f in select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
           where n.nspname = 'public' and p.proname like 'sync\_%' loop
    execute format('revoke all on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to service_role', f);
  end loop;
end $$;

-- ---------------------------------------------------------------- commands

create or replace function public.sync_command_json(c public.commands) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'id', c.id, 'name', c.name, 'body', c.body, 'askedBy', c.asked_by, 'triggeredBy', c.triggered_by, 'state', c.state,
    'progress', c.progress, 'result', c.result, 'problem', c.problem, 'createdAt', c.created_at, 'startedAt', c.started_at,
    'finishedAt', c.finished_at, 'cancelRequested', c.cancel_requested_at is not null)
$$;

-- Writes the command down before it is published. The same id again answers the row that is there. A scheduled one is left out (null) while the
-- one before it still waits: a backlog of equal work helps nobody.
create or replace function public.sync_command_accept(p_id uuid, p_name text, p_body text, p_asked_by text, p_triggered_by text) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  c public.commands;
begin
  if p_triggered_by = 'scheduled' and exists (
    select from commands where name = p_name and state = 'queued' and body = p_body::jsonb and id <> p_id) then
    return null;
  end if;
  insert into commands (id, name, body, asked_by, triggered_by) values (p_id, p_name, p_body::jsonb, p_asked_by, p_triggered_by)
  on conflict (id) do nothing;
  select * into c from commands where id = p_id;
  return sync_command_json(c);
end $$;

create or replace function public.sync_command_published(p_id uuid) returns void
language sql security definer set search_path = public, pg_temp as $$
  update commands set published_at = now() where id = p_id
$$;

-- Commands that should be on a stream but may not be (Redis wiped, the publisher died in between), marked as published anew: the caller publishes them.
create or replace function public.sync_commands_stranded(p_queued_ms bigint, p_running_ms bigint, p_limit int) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
  with stranded as (
    select id from commands
    where (state = 'queued' and coalesce(published_at, created_at) < now() - p_queued_ms * interval '1 millisecond')
       or (state = 'running' and greatest(heartbeat_at, published_at) < now() - p_running_ms * interval '1 millisecond')
    order by created_at limit p_limit
    for update skip locked
  ), marked as (
    update commands c set published_at = now() from stranded s where c.id = s.id returning c.*
  )
  select coalesce(jsonb_agg(sync_command_json(m) order by m.created_at), '[]') from marked m
$$;

-- Takes a command for running. `go` says whether to: no when it ended already, was cancelled, or another process beats for it.
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
  return jsonb_build_object('go', true, 'why', 'started', 'state', 'running');
end $$;

-- A sign of life, with progress where there is some. Answers false when the work should end: it was cancelled or another process has it.
create or replace function public.sync_command_beat(p_id uuid, p_owner text, p_progress text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  c public.commands;
begin
  update commands set heartbeat_at = now(), progress = coalesce(p_progress::jsonb, progress)
    where id = p_id and owner = p_owner and state = 'running' returning * into c;
  return found and c.cancel_requested_at is null;
end $$;

-- Gives a command back to the queue: its message will come again.
create or replace function public.sync_command_release(p_id uuid, p_owner text) returns void
language sql security definer set search_path = public, pg_temp as $$
  update commands set state = 'queued', owner = null, published_at = now() where id = p_id and owner = p_owner and state = 'running'
$$;

-- Ends a command and its line in the log. A second end changes nothing and answers false; so does the end by an owner whom a peer has replaced.
create or replace function public.sync_command_finish(p_id uuid, p_state text, p_result text, p_problem text, p_owner text default null) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  c public.commands;
begin
  update commands set state = p_state, result = p_result::jsonb, problem = p_problem::jsonb, owner = null, finished_at = now()
    where id = p_id and state in ('queued', 'running') and (p_owner is null or owner = p_owner) returning * into c;
  if not found then return false; end if;
  insert into xero_sync_log (command_id, job, triggered_by, status, started_at) values (p_id, c.name, c.triggered_by, 'running', coalesce(c.started_at, now()))
    on conflict (command_id) do nothing;
  update xero_sync_log set
    status = case p_state when 'done' then case when coalesce((c.result ->> 'failed')::int, 0) > 0 then 'partial' else 'success' end else p_state end,
    counts = coalesce(c.result, '{}'), message = coalesce(c.problem ->> 'detail', c.result ->> 'summary'), finished_at = now()
    where command_id = p_id;
  return true;
end $$;

-- ---------------------------------------------------------------- schedules

-- Takes a tick for exactly one caller and writes its command down in the same step, so that no crash can lose it; null for everybody else. The first
-- sight of a schedule only records it, so that a fresh installation doesn't run at once what is due daily.
create or replace function public.sync_schedule_take(p_name text, p_tick timestamptz, p_next timestamptz, p_command_id uuid, p_command text, p_body text) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into sync_schedules (name, last_tick, next_tick) values (p_name, p_tick, p_next) on conflict (name) do nothing;
  if found then return null; end if;
  update sync_schedules set last_tick = p_tick, next_tick = p_next where name = p_name and last_tick < p_tick;
  if not found then return null; end if;
  return sync_command_accept(p_command_id, p_command, p_body, 'schedule ' || p_name, 'scheduled');
end $$;

-- ---------------------------------------------------------------- settings

create or replace function public.sync_settings_read(p_keys text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_object_agg(key, jsonb_build_object('value', value, 'encrypted', is_encrypted)), '{}')
  from app_settings where key in (select jsonb_array_elements_text(p_keys::jsonb))
$$;

-- Writes several settings at once; a null value removes the key.
create or replace function public.sync_settings_write(p_settings text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from app_settings where key in (select s ->> 'key' from jsonb_array_elements(p_settings::jsonb) s where s ->> 'value' is null);
  insert into app_settings (key, value, is_encrypted)
    select s ->> 'key', s ->> 'value', coalesce((s ->> 'encrypted')::boolean, false)
    from jsonb_array_elements(p_settings::jsonb) s where s ->> 'value' is not null
  on conflict (key) do update set value = excluded.value, is_encrypted = excluded.is_encrypted, updated_at = now();
end $$;

-- ---------------------------------------------------------------- failures

-- One open row per thing and code; seen again, it counts up. Each element: entity, entityId, code, message, details, clientId, money, commandId.
create or replace function public.sync_failures_record(p_failures text) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into xero_failures (entity, entity_id, code, message, details, client_id, money, command_id)
  select f ->> 'entity', f ->> 'entityId', f ->> 'code', f ->> 'message', coalesce(f -> 'details', '{}'),
    (f ->> 'clientId')::uuid, (f ->> 'money')::numeric, (f ->> 'commandId')::uuid
  from jsonb_array_elements(p_failures::jsonb) f
  on conflict (entity, entity_id, code) where resolved_at is null
  do update set count = xero_failures.count + 1, last_seen_at = now(), message = excluded.message, details = excluded.details,
    money = excluded.money, command_id = excluded.command_id
$$;

-- The cause is gone: closes the open failures of these entities (all codes, or the given ones).
create or replace function public.sync_failures_resolve(p_entity text, p_entity_ids text, p_codes text default null) returns int
language sql security definer set search_path = public, pg_temp as $$
  with closed as (
    update xero_failures set resolved_at = now(), resolution = 'fixed'
    where resolved_at is null and entity = p_entity
      and entity_id in (select jsonb_array_elements_text(p_entity_ids::jsonb))
      and (p_codes is null or code in (select jsonb_array_elements_text(p_codes::jsonb)))
    returning 1
  )
  select count(*)::int from closed
$$;

-- ---------------------------------------------------------------- cursors, calls, audit

create or replace function public.sync_cursor_read(p_name text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select value from xero_cursors where name = p_name
$$;

create or replace function public.sync_cursor_write(p_name text, p_value text) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into xero_cursors (name, value) values (p_name, p_value::jsonb)
  on conflict (name) do update set value = excluded.value, updated_at = now()
$$;

create or replace function public.sync_calls_record(p_calls text) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into xero_calls (at, tenant_id, service, method, path, endpoint, status, outcome, duration_ms, priority, correlation_id, xero_correlation_id,
    day_remaining, request, answer)
  select (c ->> 'at')::timestamptz, c ->> 'tenantId', c ->> 'service', c ->> 'method', c ->> 'path', c ->> 'endpoint', (c ->> 'status')::int,
    c ->> 'outcome', (c ->> 'durationMs')::int, c ->> 'priority', c ->> 'correlationId', c ->> 'xeroCorrelationId', (c ->> 'dayRemaining')::int,
    c -> 'request', c -> 'answer'
  from jsonb_array_elements(p_calls::jsonb) c
$$;

create or replace function public.sync_audit(p_entry text) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into audit_log (actor, action, target, address, request_id, details)
  select e ->> 'actor', e ->> 'action', e ->> 'target', e ->> 'address', e ->> 'requestId', coalesce(e -> 'details', '{}') from (select p_entry::jsonb e) x
$$;

create or replace function public.sync_ping() returns boolean
language sql stable security definer set search_path = public, pg_temp as $$ select true $$;

select public.sync_lock_down();
