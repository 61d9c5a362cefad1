-- Invoices that the application made before us, or makes beside us, are not ours to send. Those that are in Xero are followed there like ours; the others
-- have no state, and nothing here is about them.

alter table public.invoices alter column state drop default, alter column state drop not null;

update public.invoices set
  state = case when xero_invoice_id is not null then 'issued' end,
  payment_status = case lower(payment_status) when 'paid' then 'Paid' when 'unpaid' then 'Unpaid' when 'overdue' then 'Overdue' end
where state = 'claimed' and command_id is null and lines is null;

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

select public.sync_lock_down();
