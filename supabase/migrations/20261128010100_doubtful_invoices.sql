-- What Xero has voided or deleted by the time it is found to be ours bills nobody: its hours are free at once, not with the next full reading.
create or replace function public.sync_invoice_issue(i public.invoices, o jsonb) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  update invoices set state = 'issued', xero_invoice_id = o ->> 'xeroInvoiceId', xero_status = o ->> 'xeroStatus',
    xero_updated_at = (o ->> 'updatedAt')::timestamptz, xero_total = (o ->> 'total')::numeric, payment_status = o ->> 'paymentStatus',
    amount_due = (o ->> 'amountDue')::numeric, amount_paid = (o ->> 'amountPaid')::numeric, amount_credited = (o ->> 'amountCredited')::numeric,
    wait_until = null, asked_at = null, updated_at = now()
    where id = i.id;
  update timesheets set invoiced = true where invoice_id = i.id;
  perform sync_failures_resolve('invoice', (select jsonb_agg(id)::text from invoices
    where id = i.id or (cost_center_id = i.cost_center_id and state = 'refused')), null);
  perform sync_failures_resolve('cost-centre', jsonb_build_array(i.cost_center_id)::text, null);
  perform sync_failures_resolve('timesheet', (select coalesce(jsonb_agg(id), '[]')::text from timesheets where invoice_id = i.id), null);
  if o ? 'code' then perform sync_invoice_fail(i, o); end if;
  if o ->> 'xeroStatus' in ('VOIDED', 'DELETED') then perform sync_invoice_void(i.id, o ->> 'xeroStatus', 'xero', false); end if;
end $$;

-- An invoice in doubt whose last request is too old to arrive, with a new fence: whoever else is at it can neither send nor settle it any more. Null
-- where there is none. For a person who gives it up, so it doesn't wait for the next look.
create or replace function public.sync_invoice_take_doubtful(p_id uuid, p_sent_ms bigint, p_lease_ms bigint) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
  with taken as (
    update invoices set fence = fence + 1, wait_until = now() + p_lease_ms * interval '1 millisecond', asked_at = null
    where id = p_id and state = 'unknown' and coalesce(sent_at, '-infinity') <= now() - p_sent_ms * interval '1 millisecond'
    returning *
  )
  select sync_invoice_json(t::invoices) from taken t
$$;

-- A draft, and what waits for approval, was sent to no customer: nobody is late with it. The same rule as the program's paymentStatus.
create or replace function public.sync_payments_age(p_today date) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  n int;
begin
  perform sync_payments_explained();
  update invoices i set payment_status = a.status, changes = i.changes + 1
    from (select id, case when xero_status = 'AUTHORISED' and due_on < p_today then 'Overdue' else 'Unpaid' end as status from invoices
      where state = 'issued' and payment_status in ('Unpaid', 'Overdue') and amount_due > 0) a
    where i.id = a.id and i.payment_status <> a.status;
  get diagnostics n = row_count;
  return n;
end $$;

select public.sync_lock_down();
