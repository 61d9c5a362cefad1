-- Payments: what Xero says of issued invoices comes back.

alter table public.invoices
  -- Why it is Paid where no money came: a credit note settled it.
  add column if not exists payment_remark text,
  add column if not exists payment_checked_at timestamptz;
create index if not exists invoices_unpaid_idx on public.invoices (xero_invoice_id) where state = 'issued' and payment_status is distinct from 'Paid';

-- What a poll needs to know: how many invoices may still change, since when, and what time it is.
create or replace function public.sync_payments_open() returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select jsonb_build_object('now', now(), 'open', count(*), 'oldest', min(sent_at))
  from invoices where state = 'issued' and payment_status is distinct from 'Paid'
$$;

-- Ids in Xero, a page at a time: of those that may still change, or (p_all) of every issued one.
create or replace function public.sync_payments_ids(p_all boolean, p_after text, p_limit int) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(x.id), '[]') from (
    select xero_invoice_id as id from invoices
    where state = 'issued' and xero_invoice_id is not null and (p_all or payment_status is distinct from 'Paid')
      and xero_invoice_id > coalesce(p_after, '')
    order by xero_invoice_id limit p_limit) x
$$;

-- Which of these documents are ours.
create or replace function public.sync_payments_ours(p_xero_ids text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(xero_invoice_id), '[]') from invoices
  where state = 'issued' and xero_invoice_id in (select jsonb_array_elements_text(p_xero_ids::jsonb))
$$;

-- Takes over documents as Xero has them; those that aren't ours are passed by, and so is what is older than what we have. A total that changed in Xero
-- is one line in the failed inbox; a void or a deletion frees the timesheets. Answers how many rows changed.
create or replace function public.sync_payments_apply(p_documents text) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  d jsonb;
  i invoices;
  changed int := 0;
begin
  for d in select value from jsonb_array_elements(p_documents::jsonb) order by value ->> 'xeroInvoiceId' loop
    select * into i from invoices where xero_invoice_id = d ->> 'xeroInvoiceId' and state = 'issued' for update;
    continue when not found or (d ->> 'updatedAt')::timestamptz < i.xero_updated_at;
    if d ->> 'xeroStatus' in ('VOIDED', 'DELETED') then
      perform sync_invoice_void(i.id, d ->> 'xeroStatus', 'xero', false);
      changed := changed + 1;
      continue;
    end if;
    if (i.xero_status, i.payment_status, i.amount_due, i.amount_paid, i.amount_credited, i.fully_paid_on, i.due_on, i.xero_total, i.payment_remark)
       is distinct from
       (d ->> 'xeroStatus', d ->> 'paymentStatus', (d ->> 'amountDue')::numeric, (d ->> 'amountPaid')::numeric, (d ->> 'amountCredited')::numeric,
        (d ->> 'fullyPaidOn')::date, coalesce((d ->> 'dueOn')::date, i.due_on), (d ->> 'total')::numeric, d ->> 'remark') then
      changed := changed + 1;
      if i.xero_total is distinct from (d ->> 'total')::numeric then perform sync_payments_total(i, d ->> 'total'); end if;
    end if;
    update invoices set xero_status = d ->> 'xeroStatus', payment_status = d ->> 'paymentStatus', amount_due = (d ->> 'amountDue')::numeric,
      amount_paid = (d ->> 'amountPaid')::numeric, amount_credited = (d ->> 'amountCredited')::numeric, fully_paid_on = (d ->> 'fullyPaidOn')::date,
      due_on = coalesce((d ->> 'dueOn')::date, due_on), xero_total = (d ->> 'total')::numeric, payment_remark = d ->> 'remark',
      xero_updated_at = coalesce((d ->> 'updatedAt')::timestamptz, xero_updated_at), payment_checked_at = now(),
      changes = changes + case when i.payment_status is distinct from d ->> 'paymentStatus' then 1 else 0 end
      where id = i.id;
  end loop;
  return changed;
end $$;

-- Somebody changed the document in Xero: shown, not overwritten. Changed back, the line closes.
create or replace function public.sync_payments_total(i public.invoices, p_total text) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  if i.total = p_total::numeric then
    perform sync_failures_resolve('invoice', jsonb_build_array(i.id)::text, '["AFO-502"]');
    return;
  end if;
  perform sync_failures_record(jsonb_build_array(jsonb_build_object('entity', 'invoice', 'entityId', i.id, 'code', 'AFO-502',
    'message', format('%s is %s in Xero; it was sent as %s', i.number, p_total, i.total),
    'details', jsonb_build_object('number', i.number, 'ours', i.total::text, 'xero', p_total), 'clientId', i.client_id, 'money', i.total::text))::text);
end $$;

-- Asked for, and Xero has no such document: one line each in the failed inbox, nothing else changes.
create or replace function public.sync_payments_missing(p_xero_ids text) returns void
language sql security definer set search_path = public, pg_temp as $$
  select sync_failures_record((select coalesce(jsonb_agg(jsonb_build_object('entity', 'invoice', 'entityId', id, 'code', 'AFO-501',
    'message', format('%s (%s) is not in Xero', number, xero_invoice_id), 'clientId', client_id, 'money', total::text)), '[]')::text
    from invoices where state = 'issued' and xero_invoice_id in (select jsonb_array_elements_text(p_xero_ids::jsonb))))
$$;

-- A day has gone by: what is unpaid after its due date is overdue, without asking Xero. The same rule as the program's paymentStatus.
create or replace function public.sync_payments_age(p_today date) returns int
language sql security definer set search_path = public, pg_temp as $$
  with aged as (
    update invoices set payment_status = case when due_on < p_today then 'Overdue' else 'Unpaid' end, changes = changes + 1
    where state = 'issued' and payment_status in ('Unpaid', 'Overdue') and amount_due > 0
      and payment_status <> case when due_on < p_today then 'Overdue' else 'Unpaid' end
    returning 1
  )
  select count(*)::int from aged
$$;

-- Changes that were not said on the stream yet.
create or replace function public.sync_payments_unsaid(p_limit int) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', id, 'state', state, 'paymentStatus', payment_status, 'changes', changes)), '[]')
  from (select * from invoices where state in ('issued', 'voided') and changes_said < changes order by id limit p_limit) x
$$;
create index if not exists invoices_unsaid_idx on public.invoices (id) where changes_said < changes;

create or replace function public.sync_payments_said(p_said text) returns void
language sql security definer set search_path = public, pg_temp as $$
  update invoices i set changes_said = greatest(changes_said, (s ->> 'changes')::int) from jsonb_array_elements(p_said::jsonb) s where i.id = (s ->> 'id')::uuid
$$;

select public.sync_lock_down();
