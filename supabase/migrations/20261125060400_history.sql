-- The time machine: everything that happened to one invoice or one client, in order.

-- What changed in a row that the sync looks after: {"field": [before, after]}. `actor`: the person signed in, or null for the sync itself.
create table if not exists public.sync_changes (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  entity text not null check (entity in ('client', 'invoice')),
  entity_id uuid not null,
  actor text,
  changed jsonb not null
);
create index if not exists sync_changes_entity_idx on public.sync_changes (entity_id, id);
create index if not exists sync_changes_at_idx on public.sync_changes (at);
alter table public.sync_changes enable row level security;
revoke all on public.sync_changes from anon, authenticated;

create index if not exists audit_log_target_idx on public.audit_log (target);
create index if not exists commands_invoice_idx on public.commands ((body ->> 'invoiceId')) where body ? 'invoiceId';
create index if not exists xero_calls_contacts_idx on public.xero_calls using gin (request jsonb_path_ops) where path = '/Contacts';
create index if not exists xero_failures_client_idx on public.xero_failures (client_id);

create or replace function public.sync_change_keep() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  before jsonb := case when tg_op = 'UPDATE' then to_jsonb(old) else '{}' end;
  after jsonb := to_jsonb(new);
  claims text := nullif(current_setting('request.jwt.claims', true), '');
  diff jsonb;
begin
  select jsonb_object_agg(f, jsonb_build_array(before -> f, after -> f)) into diff
  from jsonb_array_elements_text(tg_argv[1]::jsonb) f where before -> f is distinct from after -> f and (tg_op = 'UPDATE' or after -> f <> 'null');
  if diff is not null then
    insert into sync_changes (entity, entity_id, actor, changed)
      values (tg_argv[0], new.id, coalesce(claims::jsonb ->> 'email', claims::jsonb ->> 'sub'), diff);
  end if;
  return null;
end $$;

drop trigger if exists sync_invoice_changes on public.invoices;
create trigger sync_invoice_changes after insert or update of state, number, total, xero_invoice_id, xero_status, xero_total, payment_status, amount_due,
  amount_paid, amount_credited, due_on, note_written_at, voided_by on public.invoices for each row
  execute function public.sync_change_keep('invoice', '["state", "number", "reference", "total", "xero_invoice_id", "xero_status", "xero_total", "payment_status",
    "amount_due", "amount_paid", "amount_credited", "due_on", "note_written_at", "voided_by"]');

drop trigger if exists sync_client_changes on public.clients;
create trigger sync_client_changes after update on public.clients for each row
  when (old.revision is distinct from new.revision or old.xero_contact_id is distinct from new.xero_contact_id
    or old.xero_contact_status is distinct from new.xero_contact_status)
  execute function public.sync_change_keep('client', '["name", "first_name", "last_name", "email", "phone", "mobile", "street", "city", "region", "postal_code",
    "country", "mailing_street", "mailing_city", "mailing_region", "mailing_postal_code", "mailing_country", "tax_number", "account_number", "archived_at",
    "xero_contact_id", "xero_contact_status"]');

-- What every history has: changes, failures, and what people asked for. Yields at, kind, what, by, correlation id, details.
create or replace function public.sync_history_common(p_entity text, p_id uuid)
returns table (at timestamptz, kind text, what text, who text, correlation_id text, details jsonb)
language sql stable set search_path = public, pg_temp as $$
  select c.at, 'change', 'changed', c.actor, null, c.changed from sync_changes c where c.entity = p_entity and c.entity_id = p_id
  union all
  select f.first_seen_at, 'failure', f.code, null, f.command_id::text,
    jsonb_build_object('message', f.message, 'details', f.details, 'count', f.count, 'lastSeenAt', f.last_seen_at, 'money', f.money::text)
    from xero_failures f where f.entity = p_entity and f.entity_id = p_id::text
  union all
  select f.resolved_at, 'failure', f.code || ' ' || f.resolution, f.resolved_by, null, jsonb_build_object('reason', f.resolved_reason)
    from xero_failures f where f.entity = p_entity and f.entity_id = p_id::text and f.resolved_at is not null
  union all
  select a.at, 'person', a.action, a.actor, a.request_id, a.details from audit_log a where a.target = p_id::text
  union all
  select a.at, 'person', a.action, a.actor, a.request_id, a.details
    from xero_failures f join audit_log a on a.action in ('failures.retry', 'failures.dismiss') and a.details -> 'ids' ? f.id::text
    where f.entity = p_entity and f.entity_id = p_id::text
$$;
create index if not exists audit_log_failures_idx on public.audit_log using gin ((details -> 'ids')) where action in ('failures.retry', 'failures.dismiss');

create or replace function public.sync_history_commands(p_ids uuid[])
returns table (at timestamptz, kind text, what text, who text, correlation_id text, details jsonb)
language sql stable set search_path = public, pg_temp as $$
  select c.created_at, 'command', c.name, c.asked_by, c.id::text, jsonb_build_object('body', c.body, 'triggeredBy', c.triggered_by)
    from commands c where c.id = any (p_ids)
  union all
  select c.finished_at, 'command', c.name || ' ' || c.state, null, c.id::text, jsonb_strip_nulls(jsonb_build_object('problem', c.problem))
    from commands c where c.id = any (p_ids) and c.finished_at is not null
$$;

create or replace function public.sync_history_json(p_entity text, p_id uuid, p_label text, p_events jsonb) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('entity', p_entity, 'entityId', p_id, 'label', p_label, 'at', now(), 'events', coalesce(p_events, '[]'))
$$;

create or replace function public.sync_invoice_history(p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  i public.invoices;
begin
  select * into i from invoices where id = p_id;
  if not found then perform sync_fail(404, 'not-found', 'There is no such invoice'); end if;
  return (
    with events as (
      select * from sync_history_common('invoice', p_id)
      union all
      select * from sync_history_commands(array(
        select i.command_id union select f.command_id from xero_failures f where f.entity = 'invoice' and f.entity_id = p_id::text
        union select c.id from commands c where c.body ? 'invoiceId' and c.body ->> 'invoiceId' = p_id::text))
      union all
      select (c ->> 'at')::timestamptz, 'call', c ->> 'method' || ' ' || (c ->> 'path') || ' ' || (c ->> 'outcome'), null, c ->> 'correlationId', c
        from jsonb_array_elements(sync_invoice_calls(p_id) -> 'items') c
      union all
      select t.approved_at, 'person', 'timesheet approved', t.approved_by, null, jsonb_build_object('timesheetId', t.id, 'worker', t.worker_name, 'date', t.work_date, 'hours', t.hours::text)
        from timesheets t where t.invoice_id = p_id and t.approved_at is not null
    )
    select sync_history_json('invoice', p_id, i.number, jsonb_agg(jsonb_build_object('at', at, 'kind', kind, 'what', what, 'by', who,
      'correlationId', correlation_id, 'details', details) order by at, kind, what)) from events where at is not null);
end $$;

create or replace function public.sync_client_history(p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  c public.clients;
begin
  select * into c from clients where id = p_id;
  if not found then perform sync_fail(404, 'not-found', 'There is no such client'); end if;
  return (
    with calls as (
      select x.*, coalesce(
        (select (ord - 1)::int from jsonb_array_elements(x.request -> 'contacts') with ordinality e (d, ord)
          where d ->> 'contactID' = c.xero_contact_id or d ->> 'contactNumber' = p_id::text limit 1), 0) as place
      from xero_calls x where x.path = '/Contacts' and (x.request @> jsonb_build_object('contacts', jsonb_build_array(jsonb_build_object('contactID', c.xero_contact_id)))
        or x.request @> jsonb_build_object('contacts', jsonb_build_array(jsonb_build_object('contactNumber', p_id::text))))
    ), events as (
      select * from sync_history_common('client', p_id)
      union all
      select * from sync_history_commands(array(select f.command_id from xero_failures f where f.entity = 'client' and f.entity_id = p_id::text))
      union all
      select x.at, 'call', x.method || ' ' || x.path || ' ' || x.outcome, null, x.correlation_id, jsonb_build_object('id', x.id::text, 'method', x.method, 'path', x.path,
        'status', x.status, 'outcome', x.outcome, 'durationMs', x.duration_ms, 'service', x.service, 'xeroCorrelationId', x.xero_correlation_id,
        'request', coalesce(x.request -> 'contacts' -> x.place, x.request),
        'answer', coalesce(x.answer -> 'Contacts' -> x.place, x.answer -> 'Elements' -> x.place, x.answer)) from calls x
      union all
      select k.opened_at, 'conflict', k.field || ' differs', null, null, jsonb_build_object('base', k.base, 'ours', k.ours, 'theirs', k.theirs)
        from xero_conflicts k where k.client_id = p_id
      union all
      select k.resolved_at, 'conflict', k.field || ' ' || k.state, k.resolved_by, null, jsonb_build_object('choice', k.choice)
        from xero_conflicts k where k.client_id = p_id and k.resolved_at is not null
      union all
      select m.opened_at, 'match', 'which contact is it', null, null, jsonb_build_object('reason', m.reason, 'candidates', jsonb_array_length(m.candidates))
        from xero_matches m where m.client_id = p_id
      union all
      select m.answered_at, 'match', 'answered', m.answered_by, null, coalesce(m.answer, '{}') from xero_matches m where m.client_id = p_id and m.answered_at is not null
      union all
      select i.created_at, 'invoice', coalesce(i.number, ''), null, i.command_id::text, jsonb_build_object('invoiceId', i.id, 'total', i.total::text, 'state', i.state)
        from invoices i where i.client_id = p_id
    )
    select sync_history_json('client', p_id, c.name, jsonb_agg(jsonb_build_object('at', at, 'kind', kind, 'what', what, 'by', who,
      'correlationId', correlation_id, 'details', details) order by at, kind, what)) from events where at is not null);
end $$;
create index if not exists invoices_client_idx on public.invoices (client_id);

select public.sync_lock_down();
