-- Repeats are known for as long as the setting says.

create or replace function public.sync_idempotency_begin(p_asked_by text, p_key text, p_fingerprint text, p_lease_ms bigint, p_kept_ms bigint) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  k public.idempotency_keys;
  days int := (select (value::jsonb ->> 'idempotencyKeys')::int from app_settings where key = 'retention');
  kept interval := greatest(p_kept_ms * interval '1 millisecond', make_interval(days => coalesce(days, 0)));
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

select public.sync_lock_down();
