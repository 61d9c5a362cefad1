-- The failed inbox: its last verdict, filters by age and money, what a retry needs to know.

alter table public.xero_failures
  -- What Xero said when it was last asked about this one: {"verdict", "because", "xero", "calls", "at"}.
  add column if not exists verdict jsonb;
create index if not exists xero_failures_of_idx on public.xero_failures (entity, entity_id, last_seen_at desc);

create or replace function public.sync_view_failure(f public.xero_failures) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('id', f.id, 'entity', f.entity, 'entityId', f.entity_id, 'code', f.code, 'message', f.message, 'details', f.details,
    'clientId', f.client_id, 'clientName', (select name from clients where id = f.client_id), 'money', f.money::text, 'commandId', f.command_id,
    'count', f.count, 'firstSeenAt', f.first_seen_at, 'lastSeenAt', f.last_seen_at, 'verdict', f.verdict,
    'state', case when f.resolved_at is null then 'open' else f.resolution end,
    'resolvedAt', f.resolved_at, 'resolvedBy', f.resolved_by, 'resolvedReason', f.resolved_reason)
$$;

-- `money` of the totals: what all that the filters let through holds up. A thing with two failures counts once.
create or replace function public.sync_list_failures(p_query text) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $fn$
declare
  rows text := $q$
    select id::text, sync_view_failure(f) as item, last_seen_at as "lastSeenAt", first_seen_at as "firstSeenAt", coalesce(money, 0) as money, code,
      entity, entity_id
    from xero_failures f
    where coalesce($2 ->> 'state', 'open') = case when resolved_at is null then 'open' else resolution end
      and ($2 ->> 'entity' is null or entity = $2 ->> 'entity') and ($2 ->> 'code' is null or code = $2 ->> 'code')
      and ($2 ->> 'clientId' is null or client_id = ($2 ->> 'clientId')::uuid)
      and ($2 ->> 'entityId' is null or entity_id = $2 ->> 'entityId')
      and ($2 ->> 'olderThanHours' is null or first_seen_at < now() - ($2 ->> 'olderThanHours')::int * interval '1 hour')
      and ($2 ->> 'minMoney' is null or money >= ($2 ->> 'minMoney')::numeric)
      and ($1 is null or message ilike $1 or code ilike $1 or entity_id ilike $1 or details ->> 'number' ilike $1
        or exists (select from clients where id = f.client_id and name ilike $1))
  $q$;
  q jsonb := p_query::jsonb;
  held numeric;
begin
  execute format('select sum(money) from (select max(money) as money from (%s) r group by entity, entity_id) t', rows) into held
    using '%' || replace(replace(replace(q ->> 'q', '\', '\\'), '%', '\%'), '_', '\_') || '%', q;
  return list_page(rows, '{"lastSeenAt": "timestamptz", "firstSeenAt": "timestamptz", "money": "numeric", "code": "text"}', '-lastSeenAt', p_query)
    || jsonb_build_object('totals', jsonb_build_object('money', coalesce(held, 0)::text));
end $fn$;

-- Failures with what a retry has to know of the thing behind each: its invoice, its cost centre, the command that met it.
create or replace function public.sync_failures_read(p_ids text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(sync_view_failure(f) || jsonb_build_object(
      'invoice', case when i.id is not null then jsonb_build_object('state', i.state, 'number', i.number, 'xeroInvoiceId', i.xero_invoice_id) end,
      'costCenterId', case f.entity when 'cost-centre' then f.entity_id when 'invoice' then i.cost_center_id::text when 'timesheet' then t.cost_center_id::text end,
      'command', case when c.id is not null then jsonb_build_object('name', c.name, 'body', c.body) end) order by f.last_seen_at desc, f.id), '[]')
  from xero_failures f
  left join invoices i on f.entity = 'invoice' and i.id::text = f.entity_id
  left join timesheets t on f.entity = 'timesheet' and t.id::text = f.entity_id
  left join commands c on c.id = f.command_id
  where f.id in (select x::uuid from jsonb_array_elements_text(p_ids::jsonb) x)
$$;

-- Keeps what Xero said. Each: entityId, verdict.
create or replace function public.sync_failures_verdict(p_entity text, p_verdicts text) returns void
language sql security definer set search_path = public, pg_temp as $$
  update xero_failures f set verdict = v -> 'verdict'
  from jsonb_array_elements(p_verdicts::jsonb) v
  where f.resolved_at is null and f.entity = p_entity and f.entity_id = v ->> 'entityId'
$$;

-- A person asks again: what pauses for longer than anybody may work on one is to be looked at now.
create or replace function public.sync_invoices_hurry(p_ids text, p_longer_than_ms bigint) returns int
language sql security definer set search_path = public, pg_temp as $$
  with hurried as (
    update invoices set wait_until = now(), asked_at = null
    where state in ('claimed', 'unknown') and wait_until > now() + p_longer_than_ms * interval '1 millisecond'
      and id in (select x::uuid from jsonb_array_elements_text(p_ids::jsonb) x)
    returning 1
  )
  select count(*)::int from hurried
$$;

-- Clients as a verdict on them needs them. `busy`: somebody writes this one to Xero at the moment.
create or replace function public.sync_clients_doubt(p_client_ids text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('clientId', c.id, 'name', c.name, 'contactId', c.xero_contact_id,
    'busy', coalesce(c.xero_lease_until > now(), false))), '[]')
  from clients c where c.id in (select e::uuid from jsonb_array_elements_text(p_client_ids::jsonb) e)
$$;

-- The command behind a line of the log, to be asked for once more.
create or replace function public.sync_log_command(p_id bigint) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  found_command jsonb;
begin
  if not exists (select from xero_sync_log where id = p_id) then perform sync_fail(404, 'not-found', 'There is no such line in the log'); end if;
  select jsonb_build_object('name', c.name, 'body', c.body) into found_command from xero_sync_log l join commands c on c.id = l.command_id where l.id = p_id;
  if found_command is null then perform sync_fail(409, 'no-command', 'What ran then is no longer known'); end if;
  return found_command;
end $$;

select public.sync_lock_down();
