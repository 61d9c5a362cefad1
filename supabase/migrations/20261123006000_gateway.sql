-- The gateway's functions: idempotency keys, and what the console's lists show.

-- ---------------------------------------------------------------- idempotency keys

-- `execution` names what a key stands for: every try under the key works on the same command. `lease_until` is when a twin counts as dead.
alter table public.idempotency_keys
  add column if not exists execution uuid not null default gen_random_uuid(),
  add column if not exists lease_until timestamptz;
create index if not exists idempotency_keys_started_idx on public.idempotency_keys (started_at);

create or replace function public.sync_idempotency_begin(p_asked_by text, p_key text, p_fingerprint text, p_lease_ms bigint, p_kept_ms bigint) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  k public.idempotency_keys;
  kept interval := p_kept_ms * interval '1 millisecond';
begin
  delete from idempotency_keys where (asked_by, key) in (
    select asked_by, key from idempotency_keys where started_at < now() - kept and (lease_until is null or lease_until < now())
    order by started_at limit 100 for update skip locked);
  insert into idempotency_keys (asked_by, key, fingerprint) values (p_asked_by, p_key, p_fingerprint) on conflict do nothing;
  select * into k from idempotency_keys where asked_by = p_asked_by and key = p_key for update;
  if k.fingerprint <> p_fingerprint then return jsonb_build_object('state', 'other'); end if;
  if k.status is not null then return jsonb_build_object('state', 'ended', 'status', k.status, 'answer', k.answer); end if;
  if k.lease_until > now() then return jsonb_build_object('state', 'running'); end if;
  update idempotency_keys set lease_until = now() + p_lease_ms * interval '1 millisecond' where asked_by = p_asked_by and key = p_key;
  return jsonb_build_object('state', 'go', 'execution', k.execution);
end $$;

create or replace function public.sync_idempotency_end(p_asked_by text, p_key text, p_execution uuid, p_status int, p_answer text) returns void
language sql security definer set search_path = public, pg_temp as $$
  update idempotency_keys set status = p_status, answer = p_answer::jsonb, lease_until = null
  where asked_by = p_asked_by and key = p_key and execution = p_execution and status is null
$$;

-- The request failed: the next try under the key goes at once.
create or replace function public.sync_idempotency_release(p_asked_by text, p_key text, p_execution uuid) returns void
language sql security definer set search_path = public, pg_temp as $$
  update idempotency_keys set lease_until = null where asked_by = p_asked_by and key = p_key and execution = p_execution and status is null
$$;

select public.sync_lock_down();
