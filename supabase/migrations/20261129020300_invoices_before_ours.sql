-- Invoices that the application made before us, or makes beside us, are not ours to send. Those that are in Xero are followed there like ours; the others
-- have no state, and nothing here is about them.

alter table public.invoices alter column state drop default, alter column state drop not null, alter column payment_status drop not null;
alter table public.invoices drop constraint if exists invoices_payment_status_known;
alter table public.invoices add constraint invoices_payment_status_known
  check (state is null or payment_status in ('Paid', 'Unpaid', 'Overdue')) not valid;

with before as (
  update public.invoices set
    state = case when xero_invoice_id is not null then 'issued' end,
    payment_status = case when xero_invoice_id is null then payment_status
      else (select known from unnest(array['Paid', 'Unpaid', 'Overdue']) known where lower(known) = lower(payment_status)) end
  where state = 'claimed' and command_id is null and lines is null returning state
)
-- They are read at the next poll, and not only what changes from now on.
delete from public.xero_cursors where name = 'payments.changed' and exists (select from before where state = 'issued');

-- As before, of ours and of what is in Xero; the sums are of what was billed, and one that was voided or refused bills nobody.
create or replace function public.sync_list_invoices(p_query text) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  rows text := $q$
    select id::text, created_at as "createdAt", coalesce(number, '') as number, coalesce(due_on, '-infinity'::date) as "dueOn",
      coalesce(total, 0) as total, coalesce(amount_due, 0) as "amountDue", coalesce(amount_paid, 0) as "amountPaid",
      state not in ('refused', 'voided') as stands, sync_view_invoice(i) as item
    from invoices i
    where state is not null
      and ($2 ->> 'paymentStatus' is null or payment_status = $2 ->> 'paymentStatus') and ($2 ->> 'state' is null or state = $2 ->> 'state')
      and ($2 ->> 'clientId' is null or client_id = ($2 ->> 'clientId')::uuid)
      and ($2 ->> 'costCenterId' is null or cost_center_id = ($2 ->> 'costCenterId')::uuid)
      and ($1 is null or number ilike $1 or reference ilike $1 or exists (select from clients where id = i.client_id and name ilike $1))
  $q$;
  totals jsonb;
  q jsonb := p_query::jsonb;
begin
  execute format('select jsonb_build_object(''total'', coalesce(sum(total), 0)::text, ''amountDue'', coalesce(sum("amountDue"), 0)::text,
    ''amountPaid'', coalesce(sum("amountPaid"), 0)::text) from (%s) r where stands', rows) into totals
    using '%' || replace(replace(replace(q ->> 'q', '\', '\\'), '%', '\%'), '_', '\_') || '%', q;
  return list_page(rows, '{"createdAt": "timestamptz", "number": "text", "dueOn": "date", "total": "numeric", "amountDue": "numeric"}', '-createdAt', p_query)
    || jsonb_build_object('totals', totals);
end $$;

create or replace function public.sync_invoice_detail(p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  i public.invoices;
begin
  select * into i from invoices where id = p_id and state is not null;
  if not found then perform sync_fail(404, 'not-found', 'There is no such invoice'); end if;
  return sync_view_invoice(i) || jsonb_build_object('lines', coalesce(i.lines, '[]'), 'commandId', i.command_id, 'sentAt', i.sent_at,
    'note', i.note_text, 'noteWrittenAt', i.note_written_at,
    'voided', case when i.state = 'voided' then jsonb_build_object('at', i.voided_at, 'by', i.voided_by) end,
    -- Those behind its lines; a voided one has let them go, and still says which they were.
    'timesheets', coalesce((select jsonb_agg(sync_view_timesheet(t) order by t.work_date, t.id) from timesheets t
      where t.invoice_id = p_id or (i.state = 'voided' and t.id in (
        select s::uuid from jsonb_array_elements(i.lines) l cross join jsonb_array_elements_text(l -> 'timesheetIds') s))), '[]'));
end $$;

-- What can be sent, looked up, annotated and voided: ours.
create or replace function public.sync_invoices_read(p_ids text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(sync_invoice_json(i) order by i.number), '[]') from invoices i
  where id in (select jsonb_array_elements_text(p_ids::jsonb)::uuid) and lines is not null
$$;

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
      else (select jsonb_build_object('id', i.id, 'name', coalesce(i.number, i.xero_invoice_id, ''), 'xeroId', i.xero_invoice_id, 'money', i.total::text,
        'standing', 'gone') from invoices i where i.id = e.our_id) end as row
    from report_expected e where e.report_id = p_id and e.part = p order by e.our_id limit p_limit) u);
end $$;

select public.sync_lock_down();
