-- Hours that are changed after they were billed are told (AFO-423): the invoice stays as it was sent, so the difference is billed by nobody. And hours that can't
-- be billed for want of a cost centre or of a client say so, instead of being called ready.

alter table public.timesheets
  -- What was billed, kept with the first change of a row that is on an invoice; null as long as it is the row itself.
  add column if not exists billed_as jsonb;

-- What billing goes by, of one row. `p_lines`: those of its invoice, which know the price that was billed; the default rate may be another by now.
create or replace function public.sync_timesheet_terms(t public.timesheets, p_lines jsonb) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('hours', trim_scale(t.hours)::text, 'activity', t.activity_type_id, 'rate', trim_scale(t.rate)::text,
    'price', trim_scale(coalesce(
      (select (l ->> 'unitPrice')::numeric from jsonb_array_elements(case when jsonb_typeof(p_lines) = 'array' then p_lines end) l
        where l -> 'timesheetIds' ? t.id::text limit 1),
      t.rate, (select default_rate from activity_types where id = t.activity_type_id)))::text,
    'day', t.work_date, 'costCentre', t.cost_center_id, 'status', t.status, 'elsewhere', t.billed_elsewhere_at is not null)
$$;

-- The words for it: what was billed and what is there now (null: the row is gone). Null where nothing differs that was billed.
create or replace function public.sync_billed_differs(p_was jsonb, p_is jsonb, p_worker text, p_number text) returns text
language sql stable set search_path = public, pg_temp as $$
  select format('Timesheet of %s was %s when %s was made and is %s now',
      coalesce(p_was ->> 'day', 'no day') || coalesce(' (' || nullif(btrim(p_worker), '') || ')', ''),
      string_agg(was, ', ' order by place), coalesce(p_number, 'its invoice'), case when p_is is null then 'gone' else string_agg(now, ', ' order by place) end)
  from (values
    (1, coalesce(p_was ->> 'hours' || ' h', 'without hours'), coalesce(p_is ->> 'hours' || ' h', 'without hours'),
      p_is is null or p_was -> 'hours' <> p_is -> 'hours'),
    (2, coalesce((select name from activity_types where id = (p_was ->> 'activity')::uuid), 'no activity'),
      coalesce((select name from activity_types where id = (p_is ->> 'activity')::uuid), 'no activity'), p_was -> 'activity' <> p_is -> 'activity'),
    -- A default rate that changes by itself is no change of the row.
    (3, coalesce('at ' || (p_was ->> 'price') || ' an hour', 'without a rate'), coalesce('at ' || (p_is ->> 'price') || ' an hour', 'without a rate'),
      p_was -> 'price' <> p_is -> 'price' and (p_was -> 'rate' <> p_is -> 'rate' or p_was -> 'activity' <> p_is -> 'activity')),
    (4, coalesce('of ' || (p_was ->> 'day'), 'of no day'), coalesce('of ' || (p_is ->> 'day'), 'of no day'), p_was -> 'day' <> p_is -> 'day'),
    (5, coalesce('on ' || sync_view_cost_centre_name((p_was ->> 'costCentre')::uuid), 'on no cost centre'),
      coalesce('on ' || sync_view_cost_centre_name((p_is ->> 'costCentre')::uuid), 'on no cost centre'), p_was -> 'costCentre' <> p_is -> 'costCentre'),
    (6, p_was ->> 'status', p_is ->> 'status', p_was -> 'status' <> p_is -> 'status'),
    (7, case when (p_was ->> 'elsewhere')::boolean then 'billed elsewhere' else 'not billed elsewhere' end,
      case when (p_is ->> 'elsewhere')::boolean then 'billed elsewhere' else 'not billed elsewhere' end, p_was -> 'elsewhere' <> p_is -> 'elsewhere')
  ) d (place, was, now, differs)
  where differs having count(*) > 0
$$;

-- One line for all timesheets of an invoice, by their words.
create or replace function public.sync_billed_words(p_timesheets jsonb) returns text
language sql immutable set search_path = public, pg_temp as $$
  select string_agg(words, '; ' order by words) from (select value as words from jsonb_each_text(p_timesheets) order by value limit 20) w
$$;

-- Before the first change what was billed is still in the row. Off its invoice, it is the application's alone.
create or replace function public.sync_timesheet_keep_billed() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.invoice_id is distinct from old.invoice_id then
    new.billed_as := null;
  elsif old.billed_as is null then
    new.billed_as := sync_timesheet_terms(old, (select lines from invoices where id = old.invoice_id));
  end if;
  return new;
end $$;

-- Tells, and refuses nothing. Only the failure's own row is locked, after the timesheet's, as billing does too.
create or replace function public.sync_timesheet_billed_changed() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  i invoices;
  words text;
begin
  select * into i from invoices where id = old.invoice_id and state in ('claimed', 'sending', 'unknown', 'issued');
  if not found then return null; end if;
  words := sync_billed_differs(coalesce(old.billed_as, sync_timesheet_terms(old, i.lines)), case when tg_op = 'UPDATE' then sync_timesheet_terms(new, null) end,
    old.worker_name, i.number);
  if words is null then
    update xero_failures set details = details #- array['timesheets', old.id::text],
      message = coalesce(sync_billed_words((details -> 'timesheets') - old.id::text), message)
      where resolved_at is null and entity = 'invoice' and entity_id = i.id::text and code = 'AFO-423' and details -> 'timesheets' ? old.id::text;
    update xero_failures set resolved_at = now(), resolution = 'fixed'
      where resolved_at is null and entity = 'invoice' and entity_id = i.id::text and code = 'AFO-423' and details -> 'timesheets' = '{}';
    return null;
  end if;
  -- Not by sync_failures_record, which would leave this timesheet alone in the line: what is said of the others stays.
  insert into xero_failures as f (entity, entity_id, code, message, details, client_id, money)
    values ('invoice', i.id::text, 'AFO-423', words, jsonb_build_object('number', i.number, 'timesheets', jsonb_build_object(old.id, words)), i.client_id, i.total)
  on conflict (entity, entity_id, code) where resolved_at is null
  do update set count = f.count + 1, last_seen_at = now(), money = excluded.money,
    details = excluded.details || jsonb_build_object('timesheets', (f.details -> 'timesheets') || (excluded.details -> 'timesheets')),
    message = sync_billed_words((f.details -> 'timesheets') || (excluded.details -> 'timesheets'));
  return null;
end $$;

-- What billing itself writes, invoice_id and invoiced, is none of these columns.
drop trigger if exists sync_keep_billed on public.timesheets;
create trigger sync_keep_billed before update on public.timesheets for each row
  when (old.invoice_id is not null and
    (old.invoice_id, old.hours, old.rate, old.activity_type_id, old.cost_center_id, old.work_date, old.status, old.billed_elsewhere_at) is distinct from
    (new.invoice_id, new.hours, new.rate, new.activity_type_id, new.cost_center_id, new.work_date, new.status, new.billed_elsewhere_at))
  execute function public.sync_timesheet_keep_billed();
drop trigger if exists sync_billed_changed on public.timesheets;
create trigger sync_billed_changed after update on public.timesheets for each row
  when (old.invoice_id is not null and
    (old.hours, old.rate, old.activity_type_id, old.cost_center_id, old.work_date, old.status, old.billed_elsewhere_at) is distinct from
    (new.hours, new.rate, new.activity_type_id, new.cost_center_id, new.work_date, new.status, new.billed_elsewhere_at))
  execute function public.sync_timesheet_billed_changed();
drop trigger if exists sync_billed_gone on public.timesheets;
create trigger sync_billed_gone after delete on public.timesheets for each row
  when (old.invoice_id is not null) execute function public.sync_timesheet_billed_changed();

-- As before, but that hours were changed since the claim is no less true of an issued invoice.
create or replace function public.sync_invoice_issue(i public.invoices, o jsonb) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  update invoices set state = 'issued', xero_invoice_id = o ->> 'xeroInvoiceId', xero_status = o ->> 'xeroStatus',
    xero_updated_at = (o ->> 'updatedAt')::timestamptz, xero_total = (o ->> 'total')::numeric, payment_status = o ->> 'paymentStatus',
    amount_due = (o ->> 'amountDue')::numeric, amount_paid = (o ->> 'amountPaid')::numeric, amount_credited = (o ->> 'amountCredited')::numeric,
    wait_until = null, asked_at = null, updated_at = now()
    where id = i.id;
  update timesheets set invoiced = true where invoice_id = i.id;
  update xero_failures set resolved_at = now(), resolution = 'fixed'
    where resolved_at is null and entity = 'invoice' and code <> 'AFO-423' and entity_id in (select id::text from invoices
      where id = i.id or (cost_center_id = i.cost_center_id and state = 'refused'));
  perform sync_failures_resolve('cost-centre', jsonb_build_array(i.cost_center_id)::text, null);
  perform sync_failures_resolve('timesheet', (select coalesce(jsonb_agg(id), '[]')::text from timesheets where invoice_id = i.id), null);
  if o ? 'code' then perform sync_invoice_fail(i, o); end if;
  if o ->> 'xeroStatus' in ('VOIDED', 'DELETED') then perform sync_invoice_void(i.id, o ->> 'xeroStatus', 'xero', false); end if;
end $$;

-- ---------------------------------------------------------------- what can't be billed yet

-- As before, and hours that can't be billed for want of a cost centre, or of their project's client, aren't ready: each says what it lacks. That hours were
-- changed since their claim is not why they are unbilled.
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
          and f.resolved_at is null and f.code <> 'AFO-423' order by f.last_seen_at desc limit 1), 'on-its-way')
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
        when l.id is null then 'AFO-424'
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
    select s.cost_center_id, c.client_id, coalesce(s.cause, c.cause, 'no-cost-centre') as cause, count(*) as timesheets, coalesce(sum(s.hours), 0) as hours,
      coalesce(round(sum(greatest(s.hours, 0)) * s.price, 2), 0) as money, count(*) filter (where s.price is null) as without_rate,
      min(s.work_date) as oldest, max(s.work_date) as newest
    from sheets s left join centres c on c.id = s.cost_center_id
    group by s.cost_center_id, c.client_id, s.activity_type_id, s.price, coalesce(s.cause, c.cause, 'no-cost-centre')
  )
  select cost_center_id, client_id, cause, case
      when oldest is null then 'undated' when today - oldest <= 7 then '0-7' when today - oldest <= 30 then '8-30'
      when today - oldest <= 60 then '31-60' when today - oldest <= 90 then '61-90' else 'over-90' end,
    timesheets, hours, money, without_rate, oldest, newest
  from lines cross join era
$$;

-- A project without a client had the code of a client without a contact.
update public.xero_failures set code = 'AFO-424' where resolved_at is null and entity = 'cost-centre' and code = 'AFO-401';
drop trigger if exists sync_recheck on public.projects;
create trigger sync_recheck after update of client_id on public.projects for each statement execute function public.sync_recheck_all();

select public.sync_lock_down();
