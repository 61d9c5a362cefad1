-- What the office sees and does around invoices: money that is not billed yet and why, a cost centre's order, where a timesheet went, what Xero was told.

alter table public.timesheets
  add column if not exists billed_elsewhere_by text,
  add column if not exists billed_elsewhere_reason text;
-- Which invoices a timesheet has been on, voided ones too.
create index if not exists invoices_lines_idx on public.invoices using gin (lines jsonb_path_ops);
-- The calls that told Xero of an invoice: its creation by the number within the batch, what followed by the path.
create index if not exists xero_calls_request_idx on public.xero_calls using gin (request jsonb_path_ops) where path = '/Invoices';
create index if not exists xero_calls_path_idx on public.xero_calls (path) where path <> '/Invoices';

-- ---------------------------------------------------------------- unbilled

-- Net of what was billed on a purchase order of a cost centre so far.
create or replace function public.sync_order_billed(p_cost_center_id uuid, p_order text) returns numeric
language sql stable set search_path = public, pg_temp as $$
  select coalesce(sum(net), 0) from invoices
  where cost_center_id = p_cost_center_id and reference = btrim(p_order) and state in ('claimed', 'sending', 'unknown', 'issued')
$$;

-- Approved work that is on no finished invoice, by the lines it would make, each with one cause: what has to be done first. `age_band` is of its oldest day.
create or replace function public.sync_unbilled(p_zone text)
returns table (cost_center_id uuid, client_id uuid, cause text, age_band text, timesheets bigint, hours numeric, money numeric, without_rate bigint, oldest date, newest date)
language sql stable set search_path = public, pg_temp as $$
  with era as (
    select (now() at time zone p_zone)::date as today,
      sync_bill_from((select (value::jsonb ->> 'billFrom')::date from app_settings where key = 'invoicing'), p_zone) as first_day
  ), sheets as (
    select t.cost_center_id, t.activity_type_id, t.work_date, t.hours, t.invoice_id, coalesce(t.rate, a.default_rate) as price,
      case
        when t.invoice_id is not null then coalesce((select f.code from xero_failures f where f.entity = 'invoice' and f.entity_id = t.invoice_id::text
          and f.resolved_at is null order by f.last_seen_at desc limit 1), 'on-its-way')
        when t.work_date < era.first_day then 'before-first-day'
        when t.work_date is null or not coalesce(t.hours > 0, false) or sync_four_places(t.hours) is null then 'AFO-414'
        when a.id is null or not coalesce(coalesce(t.rate, a.default_rate) >= 0, false) or sync_four_places(coalesce(t.rate, a.default_rate)) is null then 'AFO-406'
      end as cause
    from era cross join timesheets t left join activity_types a on a.id = t.activity_type_id
    where t.status = 'approved' and not t.invoiced and t.billed_elsewhere_at is null
  ), sound as (
    select x.cost_center_id, sum(x.money) as money from (
      select s.cost_center_id, round(sum(s.hours) * s.price, 2) as money from sheets s where s.cause is null group by s.cost_center_id, s.activity_type_id, s.price) x
    group by x.cost_center_id
  ), centres as (
    -- What holds a cost centre as a whole, as the plan of its invoice finds it; what only Xero can tell, as it was last found.
    select cc.id, l.id as client_id, case
        when l.id is null then 'AFO-401'
        when l.xero_contact_id is null and exists (select from xero_matches m where m.client_id = l.id and m.state = 'open') then 'AFO-417'
        when l.xero_contact_id is null and exists (select from xero_failures f where f.entity = 'client' and f.entity_id = l.id::text and f.resolved_at is null) then 'AFO-418'
        when l.xero_contact_id is null then 'AFO-401'
        when l.xero_contact_status = 'ARCHIVED' then 'AFO-402'
        when btrim(cc.customer_po_number) <> '' and cc.po_expires_on < era.today then 'AFO-404'
        when btrim(cc.customer_po_number) <> '' and cc.po_amount < sync_order_billed(cc.id, cc.customer_po_number) + coalesce(s.money, 0) then 'AFO-405'
        when exists (select from sheets x where x.cost_center_id = cc.id and x.cause = 'AFO-406') then 'AFO-406'
        when exists (select from sheets x where x.cost_center_id = cc.id and x.cause = 'AFO-414') then 'AFO-414'
        else coalesce((
          select f.code from xero_failures f
          where f.resolved_at is null and f.code in ('AFO-407', 'AFO-408', 'AFO-409', 'AFO-410', 'AFO-411', 'AFO-415', 'AFO-419', 'AFO-422', 'AFO-499')
            and (f.entity, f.entity_id) in (select 'cost-centre', cc.id::text
              union all select 'invoice', i.id::text from invoices i where i.cost_center_id = cc.id and i.state = 'refused')
          order by f.last_seen_at desc limit 1), 'ready')
      end as cause
    from era cross join cost_centers cc left join projects p on p.id = cc.project_id left join clients l on l.id = p.client_id
      left join sound s on s.cost_center_id = cc.id
    where exists (select from sheets x where x.cost_center_id = cc.id)
  ), lines as (
    -- Rounded by line, as the invoice is.
    select s.cost_center_id, c.client_id, coalesce(s.cause, c.cause, 'ready') as cause, count(*) as timesheets, coalesce(sum(s.hours), 0) as hours,
      coalesce(round(sum(greatest(s.hours, 0)) * s.price, 2), 0) as money, count(*) filter (where s.price is null) as without_rate,
      min(s.work_date) as oldest, max(s.work_date) as newest
    from sheets s left join centres c on c.id = s.cost_center_id
    group by s.cost_center_id, c.client_id, s.activity_type_id, s.price, coalesce(s.cause, c.cause, 'ready')
  )
  select cost_center_id, client_id, cause, case
      when oldest is null then 'undated' when today - oldest <= 7 then '0-7' when today - oldest <= 30 then '8-30'
      when today - oldest <= 60 then '31-60' when today - oldest <= 90 then '61-90' else 'over-90' end,
    timesheets, hours, money, without_rate, oldest, newest
  from lines cross join era
$$;

-- One row for each cost centre and cause, with totals by cause, age and client.
create or replace function public.sync_list_unbilled(p_query text) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  q jsonb := p_query::jsonb;
  pattern text := '%' || replace(replace(replace(q ->> 'q', '\', '\\'), '%', '\%'), '_', '\_') || '%';
  lines text := $q$
    select u.*, coalesce(sync_view_cost_centre_name(u.cost_center_id), '') as centre, l.name as client
    from sync_unbilled($2 ->> 'timeZone') u left join clients l on l.id = u.client_id
    where ($2 ->> 'clientId' is null or u.client_id = ($2 ->> 'clientId')::uuid)
      and ($2 ->> 'costCenterId' is null or u.cost_center_id = ($2 ->> 'costCenterId')::uuid)
      and ($2 ->> 'cause' is null or cause = $2 ->> 'cause') and ($2 ->> 'age' is null or age_band = $2 ->> 'age')
      and ($1 is null or l.name ilike $1 or sync_view_cost_centre_name(u.cost_center_id) ilike $1)
  $q$;
  page jsonb;
  totals jsonb;
begin
  page := list_page(format($q$
    select coalesce(cost_center_id::text, '') || ' ' || cause as id, sum(money) as money, coalesce(min(oldest), 'infinity'::date) as oldest,
      lower(coalesce(client, '')) as client,
      jsonb_build_object('costCenterId', cost_center_id, 'costCentre', centre, 'clientId', client_id, 'clientName', client, 'cause', cause,
        'timesheets', sum(timesheets), 'hours', trim_scale(sum(hours))::text, 'money', sum(money)::text, 'withoutRate', sum(without_rate),
        'oldest', min(oldest), 'newest', max(newest)) as item
    from (%s) x group by cost_center_id, centre, client_id, client, cause
  $q$, lines), '{"money": "numeric", "oldest": "date", "client": "text"}', '-money', p_query);
  execute format($q$
    with x as (%s)
    select jsonb_build_object('timesheets', coalesce(sum(timesheets), 0), 'hours', trim_scale(coalesce(sum(hours), 0))::text,
      'money', coalesce(sum(money), 0)::text, 'withoutRate', coalesce(sum(without_rate), 0),
      'byCause', (select coalesce(jsonb_agg(jsonb_build_object('cause', cause, 'timesheets', n, 'money', m::text) order by m desc, cause), '[]')
        from (select cause, sum(timesheets) as n, sum(money) as m from x group by cause) c),
      'byAge', (select coalesce(jsonb_agg(jsonb_build_object('age', age_band, 'timesheets', n, 'money', m::text) order by newest desc nulls last), '[]')
        from (select age_band, sum(timesheets) as n, sum(money) as m, max(oldest) as newest from x group by age_band) a),
      'byClient', (select coalesce(jsonb_agg(jsonb_build_object('clientId', client_id, 'clientName', client, 'timesheets', n, 'money', m::text, 'oldest', o)
          order by m desc, client), '[]')
        from (select client_id, client, sum(timesheets) as n, sum(money) as m, min(oldest) as o from x group by client_id, client order by m desc limit 100) b))
    from x $q$, lines) into totals using pattern, q;
  return page || jsonb_build_object('totals', totals);
end $$;

-- ---------------------------------------------------------------- cost centres

-- As before, with the first billing day as billing reckons it once Xero is connected (`timeZone`), and one alone by its `id`.
create or replace function public.sync_list_cost_centres(p_query text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select list_page($q$
    with billable as (
      select t.cost_center_id, t.activity_type_id, coalesce(t.rate, a.default_rate) as rate, count(*) as n, sum(t.hours) as hours,
        min(t.work_date) as first, max(t.work_date) as last
      from timesheets t left join activity_types a on a.id = t.activity_type_id
      where t.status = 'approved' and not t.invoiced and t.invoice_id is null and t.billed_elsewhere_at is null
        and t.work_date >= coalesce((select (value::jsonb ->> 'billFrom')::date from app_settings where key = 'invoicing'),
          (select min(created_at at time zone coalesce($2 ->> 'timeZone', 'UTC'))::date from xero_tokens), '-infinity')
      group by t.cost_center_id, t.activity_type_id, coalesce(t.rate, a.default_rate)
    ), unbilled as (
      -- Rounded by line, as the invoice is.
      select cost_center_id, sum(n) as n, sum(hours) as hours, sum(round(hours * rate, 2)) as money, sum(n) filter (where rate is null) as bare,
        min(first) as first, max(last) as last
      from billable group by cost_center_id
    )
    select cc.id::text, lower(coalesce(p.code, '') || ' ' || cc.name) as name, coalesce(u.money, 0) as money,
      jsonb_build_object('id', cc.id, 'name', cc.name, 'projectCode', p.code, 'projectName', p.name, 'clientId', c.id, 'clientName', c.name,
        'poNumber', cc.customer_po_number, 'poAmount', cc.po_amount::text, 'poExpiresOn', cc.po_expires_on,
        'unbilled', jsonb_build_object('timesheets', coalesce(u.n, 0), 'hours', trim_scale(coalesce(u.hours, 0))::text,
          'money', round(coalesce(u.money, 0), 2)::text, 'withoutRate', coalesce(u.bare, 0), 'from', u.first, 'to', u.last)) as item
    from cost_centers cc left join projects p on p.id = cc.project_id left join clients c on c.id = p.client_id
      left join unbilled u on u.cost_center_id = cc.id
    where ($2 ->> 'id' is null or cc.id = ($2 ->> 'id')::uuid)
      and ($2 ->> 'clientId' is null or p.client_id = ($2 ->> 'clientId')::uuid)
      and ($2 ->> 'ready' is null or (u.n is not null) = ($2 ->> 'ready')::boolean)
      and ($1 is null or cc.name ilike $1 or p.code ilike $1 or p.name ilike $1 or c.name ilike $1 or cc.customer_po_number ilike $1)
  $q$, '{"name": "text", "money": "numeric"}', 'name', p_query)
$$;

create or replace function public.sync_cost_centre_detail(p_id uuid, p_zone text) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  c cost_centers;
  billed numeric;
begin
  select * into c from cost_centers where id = p_id;
  if not found then perform sync_fail(404, 'not-found', 'There is no such cost centre'); end if;
  billed := sync_order_billed(c.id, c.customer_po_number);
  return (sync_list_cost_centres(jsonb_build_object('id', p_id, 'timeZone', p_zone)::text) -> 'items' -> 0)
    || jsonb_build_object('trackingOption', c.tracking_option, 'orderBilled', billed::text, 'orderLeft', (c.po_amount - billed)::text);
end $$;

-- Changes the fields that are named; null clears.
create or replace function public.sync_cost_centre_change(p_id uuid, p_change text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  c jsonb := p_change::jsonb;
begin
  update cost_centers set
    customer_po_number = case when c ? 'poNumber' then nullif(btrim(c ->> 'poNumber'), '') else customer_po_number end,
    po_amount = case when c ? 'poAmount' then (c ->> 'poAmount')::numeric else po_amount end,
    po_expires_on = case when c ? 'poExpiresOn' then (c ->> 'poExpiresOn')::date else po_expires_on end,
    tracking_option = case when c ? 'trackingOption' then nullif(btrim(c ->> 'trackingOption'), '') else tracking_option end
    where id = p_id;
  if not found then perform sync_fail(404, 'not-found', 'There is no such cost centre'); end if;
end $$;

-- ---------------------------------------------------------------- timesheets

-- Where a timesheet went: the invoice it is on with its line and what was paid, those it was on before, or who marked it as billed elsewhere.
create or replace function public.sync_timesheet_detail(p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  t timesheets;
begin
  select * into t from timesheets where id = p_id;
  if not found then perform sync_fail(404, 'not-found', 'There is no such timesheet'); end if;
  return sync_view_timesheet(t) || jsonb_build_object(
    'billedElsewhere', case when t.billed_elsewhere_at is not null then
      jsonb_build_object('at', t.billed_elsewhere_at, 'by', t.billed_elsewhere_by, 'reason', t.billed_elsewhere_reason) end,
    'invoices', (select coalesce(jsonb_agg(sync_view_invoice(i) || jsonb_build_object('line',
        (select l from jsonb_array_elements(i.lines) l where l -> 'timesheetIds' ? p_id::text limit 1)) order by i.created_at desc), '[]')
      from invoices i
      where i.lines @> jsonb_build_array(jsonb_build_object('timesheetIds', jsonb_build_array(p_id)))
        and (i.id = t.invoice_id or i.state = 'voided')));
end $$;

-- Marks work as billed outside of this product (or, with p_elsewhere false, as not): these timesheets, or all of a cost centre (null: of every one) up to
-- a day. What is on an invoice of ours stays as it is. Answers how many changed.
drop function if exists public.sync_timesheets_billed_elsewhere(text, uuid, date, boolean, text);
create or replace function public.sync_timesheets_billed_elsewhere(p_ids text, p_cost_center_id uuid, p_up_to date, p_elsewhere boolean, p_by text, p_reason text) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  changed uuid[];
begin
  if p_ids is null and p_up_to is null then perform sync_fail(400, 'too-much', 'Name the timesheets, or a day up to which all are meant'); end if;
  with marked as (
    update timesheets set billed_elsewhere_at = case when p_elsewhere then now() end, billed_elsewhere_by = case when p_elsewhere then p_by end,
      billed_elsewhere_reason = case when p_elsewhere then p_reason end
    where not invoiced and invoice_id is null and (billed_elsewhere_at is null) = p_elsewhere
      and (p_ids is null or id in (select jsonb_array_elements_text(p_ids::jsonb)::uuid))
      and (p_cost_center_id is null or cost_center_id = p_cost_center_id)
      and (p_up_to is null or work_date <= p_up_to)
    returning id
  )
  select coalesce(array_agg(id), '{}') into changed from marked;
  if p_elsewhere then perform sync_failures_resolve('timesheet', to_jsonb(changed)::text, null); end if;
  insert into audit_log (actor, action, target, details) values (p_by, case when p_elsewhere then 'timesheets.billed-elsewhere' else 'timesheets.billed-here' end,
    p_cost_center_id::text, jsonb_build_object('upTo', p_up_to, 'reason', p_reason, 'timesheets', cardinality(changed)));
  return cardinality(changed);
end $$;

-- ---------------------------------------------------------------- invoices

-- Why a number is not in Xero, where it isn't.
create or replace function public.sync_invoice_gap(i public.invoices) returns text
language sql stable set search_path = public, pg_temp as $$
  select case
    when i.state in ('claimed', 'sending') then 'On its way to Xero'
    when i.state = 'unknown' then 'The answer was lost; it is being looked up'
    when i.state = 'refused' and i.number_spent is null then 'Refused; kept for the next invoice of this cost centre'
    when i.state = 'refused' then 'Refused; ' || i.number_spent
    when i.state = 'voided' then initcap(coalesce(i.xero_status, 'voided')) || ' on ' || to_char(i.voided_at, 'YYYY-MM-DD')
      || case when i.voided_by = 'xero' then ' in Xero' else ' by ' || coalesce(i.voided_by, 'somebody') end
  end
$$;

create or replace function public.sync_view_invoice(i public.invoices) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('id', i.id, 'number', i.number, 'reference', i.reference, 'state', i.state, 'costCenterId', i.cost_center_id,
    'costCentre', coalesce(sync_view_cost_centre_name(i.cost_center_id), ''), 'clientId', i.client_id,
    'clientName', (select name from clients where id = i.client_id), 'net', i.net::text, 'tax', i.tax::text, 'total', i.total::text,
    'currency', i.currency, 'issuedOn', i.issued_on, 'dueOn', i.due_on, 'xeroInvoiceId', i.xero_invoice_id, 'xeroStatus', i.xero_status,
    'paymentStatus', i.payment_status, 'amountDue', i.amount_due::text, 'amountPaid', i.amount_paid::text,
    'amountCredited', i.amount_credited::text, 'fullyPaidOn', i.fully_paid_on, 'remark', i.payment_remark, 'createdAt', i.created_at,
    'xeroTotal', i.xero_total::text, 'differs', i.state = 'issued' and coalesce(i.xero_total <> i.total, false), 'numberGap', sync_invoice_gap(i))
$$;

create or replace function public.sync_invoice_detail(p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  i public.invoices;
begin
  select * into i from invoices where id = p_id;
  if not found then perform sync_fail(404, 'not-found', 'There is no such invoice'); end if;
  return sync_view_invoice(i) || jsonb_build_object('lines', coalesce(i.lines, '[]'), 'commandId', i.command_id, 'sentAt', i.sent_at,
    'note', i.note_text, 'noteWrittenAt', i.note_written_at,
    'voided', case when i.state = 'voided' then jsonb_build_object('at', i.voided_at, 'by', i.voided_by) end,
    -- Those behind its lines; a voided one has let them go, and still says which they were.
    'timesheets', coalesce((select jsonb_agg(sync_view_timesheet(t) order by t.work_date, t.id) from timesheets t
      where t.invoice_id = p_id or (i.state = 'voided' and t.id in (
        select s::uuid from jsonb_array_elements(i.lines) l cross join jsonb_array_elements_text(l -> 'timesheetIds') s))), '[]'));
end $$;

-- Of a list of a request's or an answer's documents, the one with this number, else the one at this place.
create or replace function public.sync_view_document(p_documents jsonb, p_field text, p_number text, p_place int) returns jsonb
language sql immutable set search_path = public, pg_temp as $$
  select case when jsonb_typeof(p_documents) = 'array' then coalesce(
    (select d from jsonb_array_elements(p_documents) d where d ->> p_field = p_number limit 1), p_documents -> p_place) end
$$;

-- What Xero was told of an invoice and what it answered: of a batch, its own part. Oldest first.
create or replace function public.sync_invoice_calls(p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  i public.invoices;
begin
  select * into i from invoices where id = p_id;
  if not found then perform sync_fail(404, 'not-found', 'There is no such invoice'); end if;
  return (
    with calls as (
      select c.*, 0 as place from xero_calls c
        where i.xero_invoice_id is not null and path in ('/Invoices/' || i.xero_invoice_id, '/Invoices/' || i.xero_invoice_id || '/History') and path <> '/Invoices'
          and method <> 'GET'
      union all
      select c.*, (select (ord - 1)::int from jsonb_array_elements(c.request -> 'invoices') with ordinality x (d, ord) where d ->> 'invoiceNumber' = i.number limit 1)
        from xero_calls c
        where path = '/Invoices' and request @> jsonb_build_object('invoices', jsonb_build_array(jsonb_build_object('invoiceNumber', i.number)))
    )
    select jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object('id', id::text, 'at', at, 'method', method, 'path', path, 'status', status,
      'outcome', outcome, 'durationMs', duration_ms, 'service', service, 'correlationId', correlation_id, 'xeroCorrelationId', xero_correlation_id,
      'request', coalesce(sync_view_document(request -> 'invoices', 'invoiceNumber', i.number, place), request),
      'answer', coalesce(sync_view_document(answer -> 'Invoices', 'InvoiceNumber', i.number, place),
        sync_view_document(answer -> 'Elements', 'InvoiceNumber', i.number, place), answer)) order by at, id), '[]'))
    from calls);
end $$;

-- The invoice was voided or deleted in Xero: its timesheets are free again. `p_by`: who, or the command that somebody asked for. `p_said`: the caller says
-- so on the stream itself. Answers whether this call did it.
create or replace function public.sync_invoice_void(p_id uuid, p_xero_status text, p_by text, p_said boolean) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  who text := coalesce((select asked_by from commands where id::text = p_by), p_by);
begin
  update invoices set state = 'voided', xero_status = p_xero_status, amount_due = 0, voided_at = now(), voided_by = who, updated_at = now(),
    changes = changes + 1, changes_said = case when p_said then changes + 1 else changes_said end
    where id = p_id and state = 'issued';
  if not found then return false; end if;
  update timesheets set invoiced = false, invoice_id = null where invoice_id = p_id;
  perform sync_failures_resolve('invoice', jsonb_build_array(p_id)::text, null);
  insert into audit_log (actor, action, target, details) values (who, 'invoice.voided', p_id::text, jsonb_build_object('xeroStatus', p_xero_status));
  return true;
end $$;

select public.sync_lock_down();
