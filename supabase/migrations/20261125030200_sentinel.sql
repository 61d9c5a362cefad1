-- The sentinel: when accounts, tax rates, tracking or lock dates change in Xero, what is ready to be billed is checked again, and what would now fail is
-- in the failed inbox until it comes right.

alter table public.xero_reference
  -- What it was before it last changed, and when that was noticed.
  add column if not exists previous jsonb,
  add column if not exists changed_at timestamptz;

create or replace function public.sync_reference_write(p_name text, p_value text) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into xero_reference as r (name, value) values (p_name, p_value::jsonb)
  on conflict (name) do update set value = excluded.value, fetched_at = now(),
    previous = case when r.value is distinct from excluded.value then r.value else r.previous end,
    changed_at = case when r.value is distinct from excluded.value then now() else r.changed_at end
$$;

-- The codes that follow from what the organisation in Xero is like.
create or replace function public.sync_sentinel_codes() returns text[]
language sql immutable set search_path = public, pg_temp as $$
  select array['AFO-407', 'AFO-408', 'AFO-409', 'AFO-410', 'AFO-411', 'AFO-419']
$$;

-- When something changed that no check has seen yet; null: nothing did, or a check is on its way.
create or replace function public.sync_sentinel_due() returns timestamptz
language sql stable security definer set search_path = public, pg_temp as $$
  select max(changed_at) from xero_reference
  where changed_at > coalesce((select max(finished_at) from commands where name = 'invoices.check' and state = 'done'), '-infinity')
    and not exists (select from commands where name = 'invoices.check' and state in ('queued', 'running'))
$$;

-- What the check of everything found: recorded where it is new, closed where it no longer stands. Each: entity, entityId, code, message, clientId, money.
-- Answers how many were closed.
create or replace function public.sync_sentinel_found(p_failures text, p_command_id uuid) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  closed int;
begin
  update xero_failures f set resolved_at = now(), resolution = 'fixed'
    where resolved_at is null and entity = 'cost-centre' and code = any(sync_sentinel_codes()) and not exists (
      select from jsonb_array_elements(p_failures::jsonb) x where x ->> 'entityId' = f.entity_id and x ->> 'code' = f.code);
  get diagnostics closed = row_count;
  perform sync_failures_record((select coalesce(jsonb_agg(x || jsonb_build_object('commandId', p_command_id)), '[]')
    from jsonb_array_elements(p_failures::jsonb) x)::text);
  return closed;
end $$;

-- When it was last checked, what changed since the value before, and what would fail now.
create or replace function public.sync_sentinel_read() returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'checkedAt', (select max(finished_at) from commands where name = 'invoices.check' and state = 'done'),
    'changed', (select coalesce(jsonb_agg(jsonb_build_object('name', name, 'at', changed_at, 'previous', previous, 'value', value) order by changed_at desc), '[]')
      from xero_reference where changed_at is not null and name in ('organisation', 'accounts', 'taxRates', 'tracking')),
    'failing', (select coalesce(jsonb_agg(jsonb_build_object('costCenterId', f.entity_id, 'costCentre', coalesce(sync_view_cost_centre_name(f.entity_id::uuid), ''),
        'code', f.code, 'detail', f.message, 'money', f.money::text, 'since', f.first_seen_at) order by f.code, f.first_seen_at), '[]')
      from xero_failures f where f.resolved_at is null and f.entity = 'cost-centre' and f.code = any(sync_sentinel_codes())))
$$;

select public.sync_lock_down();
