-- Reports: both sides' books, compared. A report has the id of the command that makes it and says how far that is; nothing here is written to Xero.

create table if not exists public.reports (
  id uuid primary key,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  -- The next page to be read, of which list: a crash goes on there.
  part text not null default 'contacts' check (part in ('contacts', 'items', 'invoices')),
  page int not null default 1,
  calls int not null default 0,
  read jsonb not null default '{}'
);
create index if not exists reports_started_idx on public.reports (started_at desc);

-- Rows of ours that Xero should have and that no page has shown yet. Empty once the report is finished.
create table if not exists public.report_expected (
  report_id uuid not null references public.reports (id) on delete cascade,
  part text not null,
  our_id uuid not null,
  primary key (report_id, part, our_id)
);

create table if not exists public.report_differences (
  id bigint generated always as identity primary key,
  report_id uuid not null references public.reports (id) on delete cascade,
  entity text not null check (entity in ('contact', 'item', 'invoice', 'payment')),
  kind text not null check (kind in ('missing-here', 'missing-there', 'differs', 'cents', 'orphan')),
  our_id text,
  xero_id text,
  name text not null,
  field text,
  ours text,
  theirs text,
  -- Xero's amount less ours.
  cents numeric(14, 2),
  verdict text not null
);
-- A page read twice says the same thing once.
create unique index if not exists report_differences_key on public.report_differences
  (report_id, entity, kind, coalesce(our_id, ''), coalesce(xero_id, ''), coalesce(field, ''));

alter table public.reports enable row level security;
alter table public.report_expected enable row level security;
alter table public.report_differences enable row level security;
revoke all on public.reports, public.report_expected, public.report_differences from anon, authenticated;

-- Begins a report, or goes on with it: which page of which list is next. What Xero should have is noted at the beginning, so that what is sent
-- while the report is made is not missed in it.
create or replace function public.sync_report_begin(p_id uuid) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into reports (id) values (p_id) on conflict do nothing;
  if found then
    delete from report_expected where report_id <> p_id;
    insert into report_expected (report_id, part, our_id)
      select p_id, 'contacts', id from clients where xero_contact_id is not null or archived_at is null
      union all
      select p_id, 'items', id from activity_types where xero_item_id is not null and missing_in_xero_at is null
      union all
      select p_id, 'invoices', id from invoices where state = 'issued';
  end if;
  return (select jsonb_build_object('part', part, 'page', page, 'calls', calls, 'finished', finished_at is not null) from reports where id = p_id);
end $$;

-- What a client waits for: the failed inbox, a person's answer, or nothing but the next sync.
create or replace function public.sync_report_standing(c public.clients) returns text
language sql stable set search_path = public, pg_temp as $$
  select case
    when exists (select from xero_failures where entity = 'client' and entity_id = c.id::text and resolved_at is null) then 'failed'
    when exists (select from xero_conflicts where client_id = c.id and state = 'open')
      or exists (select from xero_matches where client_id = c.id and state = 'open') then 'asked'
    else 'waits' end
$$;

-- Our side of contacts that Xero showed, each by its id and number. `client`: the one that is linked to it; `numbered`: whether the client that the
-- number names is still there; `known`: a person said that it needs no client.
create or replace function public.sync_report_contacts(p_contacts text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'xeroId', e ->> 'id',
    'client', case when c.id is not null then jsonb_build_object('id', c.id, 'fields', sync_client_fields(c),
      'changed', c.xero_synced_revision is distinct from c.revision, 'standing', sync_report_standing(c)) end,
    'numbered', case when n.id is null then 'nobody' when exists (select from clients where id = n.id) then 'client' else 'gone' end,
    'known', x.ignored_at is not null)), '[]')
  from jsonb_array_elements(p_contacts::jsonb) e
  left join clients c on c.xero_contact_id = e ->> 'id'
  left join xero_contacts x on x.contact_id = e ->> 'id'
  left join lateral (select sync_numbered_for(e ->> 'number') as id) n on true
$$;

create or replace function public.sync_report_items(p_ids text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', id, 'itemId', xero_item_id, 'name', name, 'code', xero_item_code, 'description', description,
    'rate', default_rate::text, 'accountCode', account_code, 'taxType', tax_type, 'missing', missing_in_xero_at is not null)), '[]')
  from activity_types where xero_item_id in (select jsonb_array_elements_text(p_ids::jsonb))
$$;

-- Our invoice behind each of these documents, by its id in Xero or, where none is kept yet, by its number; null where there is none, or none that should
-- be there. `series`: the number is one that we give.
create or replace function public.sync_report_invoices(p_documents text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  with prefixes as (
    select prefix from invoice_series
    union select coalesce(value::jsonb ->> 'numberPrefix', 'AFO-') from app_settings where key = 'invoicing'
    union select 'AFO-' where not exists (select from app_settings where key = 'invoicing')
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'xeroId', e ->> 'id',
    'series', exists (select from prefixes where starts_with(e ->> 'number', prefix) and substr(e ->> 'number', length(prefix) + 1) ~ '^\d+$'),
    'invoice', case when i.id is not null then jsonb_build_object('id', i.id, 'number', i.number, 'state', i.state, 'xeroInvoiceId', i.xero_invoice_id,
      'contactId', coalesce(c.xero_contact_id, i.contact_id), 'clientName', coalesce(c.name, ''), 'reference', i.reference, 'issuedOn', i.issued_on,
      'currency', i.currency, 'net', i.net::text, 'tax', i.tax::text, 'total', i.total::text, 'xeroStatus', i.xero_status,
      'amountDue', i.amount_due::text, 'amountPaid', i.amount_paid::text, 'amountCredited', i.amount_credited::text,
      'fullyPaidOn', i.fully_paid_on, 'dueOn', i.due_on, 'updatedAt', i.xero_updated_at) end)), '[]')
  from jsonb_array_elements(p_documents::jsonb) e
  left join invoices i on i.xero_invoice_id = e ->> 'id' or (i.xero_invoice_id is null and i.number = e ->> 'number')
  left join clients c on c.id = i.client_id
$$;

-- Keeps what a page showed and moves on to the next: one step, so that a page is never half kept.
create or replace function public.sync_report_keep(p_id uuid, p_part text, p_page int, p_calls int, p_read int, p_seen text, p_differences text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  r public.reports;
begin
  select * into r from reports where id = p_id for update;
  delete from report_expected where report_id = p_id and part = r.part and our_id in (select e::uuid from jsonb_array_elements_text(p_seen::jsonb) e);
  insert into report_differences (report_id, entity, kind, our_id, xero_id, name, field, ours, theirs, cents, verdict)
    select p_id, d ->> 'entity', d ->> 'kind', d ->> 'ourId', d ->> 'xeroId', d ->> 'name', d ->> 'field', d ->> 'ours', d ->> 'theirs',
      (d ->> 'cents')::numeric, d ->> 'verdict'
    from jsonb_array_elements(p_differences::jsonb) d
    on conflict do nothing;
  update reports set part = p_part, page = p_page, calls = calls + p_calls,
    read = read || jsonb_build_object(r.part, coalesce((read ->> r.part)::int, 0) + p_read) where id = p_id;
end $$;

-- What Xero should have and no page of this part has shown: some at a time, until `keep` has taken them all. What is no longer expected is left out.
create or replace function public.sync_report_unseen(p_id uuid, p_limit int) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  p text := (select part from reports where id = p_id);
begin
  delete from report_expected e where report_id = p_id and part = p and not (
    (p = 'contacts' and exists (select from clients c where c.id = our_id and (c.xero_contact_id is not null or c.archived_at is null)))
    or (p = 'items' and exists (select from activity_types a where a.id = our_id and a.xero_item_id is not null and a.missing_in_xero_at is null))
    or (p = 'invoices' and exists (select from invoices i where i.id = our_id and i.state = 'issued')));
  return (select coalesce(jsonb_agg(u.row order by u.our_id), '[]') from (
    select e.our_id, case p
      when 'contacts' then (select jsonb_build_object('id', c.id, 'name', c.name, 'xeroId', c.xero_contact_id, 'money', null,
        'standing', case when c.xero_contact_id is null then sync_report_standing(c) else 'gone' end) from clients c where c.id = e.our_id)
      when 'items' then (select jsonb_build_object('id', a.id, 'name', a.name, 'xeroId', a.xero_item_id, 'money', null, 'standing', 'gone')
        from activity_types a where a.id = e.our_id)
      else (select jsonb_build_object('id', i.id, 'name', i.number, 'xeroId', i.xero_invoice_id, 'money', i.total::text, 'standing', 'gone')
        from invoices i where i.id = e.our_id) end as row
    from report_expected e where e.report_id = p_id and e.part = p order by e.our_id limit p_limit) u);
end $$;

create or replace function public.sync_report_finish(p_id uuid) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from report_expected where report_id = p_id;
  update reports set finished_at = coalesce(finished_at, now()) where id = p_id;
  return (select sync_view_report(r) from reports r where id = p_id);
end $$;

create or replace function public.sync_view_report(r public.reports) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('id', r.id, 'state', case when r.finished_at is not null then 'done' when c.state in ('queued', 'running') then 'running'
      when c.state = 'cancelled' then 'cancelled' else 'failed' end,
    'askedBy', coalesce(c.asked_by, ''), 'startedAt', r.started_at, 'finishedAt', r.finished_at, 'calls', r.calls,
    'read', jsonb_build_object('contacts', coalesce((r.read ->> 'contacts')::int, 0), 'items', coalesce((r.read ->> 'items')::int, 0),
      'invoices', coalesce((r.read ->> 'invoices')::int, 0)),
    'differences', (select count(*) from report_differences d where d.report_id = r.id),
    'kinds', coalesce((select jsonb_object_agg(kind, n) from (select kind, count(*) as n from report_differences d where d.report_id = r.id group by kind) k), '{}'),
    'problem', c.problem)
  from (select 1) one left join commands c on c.id = r.id
$$;

create or replace function public.sync_list_reports(p_query text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select list_page($q$
    select id::text, sync_view_report(r) as item, started_at as "startedAt" from reports r
  $q$, '{"startedAt": "timestamptz"}', '-startedAt', p_query)
$$;

-- A report with a page of its differences.
create or replace function public.sync_list_differences(p_query text) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  q jsonb := p_query::jsonb;
  r public.reports;
begin
  select * into r from reports where id = (q ->> 'id')::uuid;
  if not found then perform sync_fail(404, 'not-found', 'There is no such report'); end if;
  return jsonb_build_object('report', sync_view_report(r)) || list_page($l$
    select lpad(id::text, 19, '0') as id, lpad(id::text, 19, '0') as place, jsonb_build_object('id', id::text, 'entity', entity, 'kind', kind,
      'ourId', our_id, 'xeroId', xero_id, 'name', name, 'field', field, 'ours', ours, 'theirs', theirs, 'cents', cents::text, 'verdict', verdict) as item
    from report_differences
    where report_id = ($2 ->> 'id')::uuid and ($2 ->> 'entity' is null or entity = $2 ->> 'entity') and ($2 ->> 'kind' is null or kind = $2 ->> 'kind')
      and ($1 is null or name ilike $1 or verdict ilike $1)
  $l$, '{"place": "text"}', 'place', p_query);
end $$;

select public.sync_lock_down();
