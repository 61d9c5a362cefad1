-- What somebody changed in Xero after an invoice was sent: shown field by field, also where the total stays the same, and never overwritten.

-- [{ field, ours, xero }] as of the last reading, null where it is as it was sent; what was sent stays in the columns beside it.
alter table public.invoices add column if not exists xero_edits jsonb;

-- Whether a document of this contact is one of that client's: Xero moves it when contacts are merged, before or after the client's link follows.
create or replace function public.sync_invoice_contact_is_ours(i public.invoices, p_contact_id text) returns boolean
language sql stable set search_path = public, pg_temp as $$
  with recursive kept (id, steps) as (
    select i.contact_id, 0
    union select x.merged_to, k.steps + 1 from kept k join xero_contacts x on x.contact_id = k.id where x.merged_to is not null and k.steps < 20
  )
  select i.contact_id is null or lower(p_contact_id) in (select lower(id) from kept)
    or coalesce(lower(p_contact_id) = (select lower(xero_contact_id) from clients where id = i.client_id), false)
$$;

-- A contact by the name under which we saw it last, else by its id.
create or replace function public.sync_contact_name(p_contact_id text) returns text
language sql stable set search_path = public, pg_temp as $$
  select coalesce((select fields ->> 'name' from xero_contacts where contact_id = p_contact_id), p_contact_id)
$$;

-- What we don't know of an invoice, or weren't told, doesn't differ. Money is compared as money, a reference without its outer spaces. Of a contact, its id
-- in Xero is kept beside its name.
create or replace function public.sync_invoice_edits(i public.invoices, d jsonb) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_agg(jsonb_build_object('field', e.field, 'ours', e.ours, 'xero', e.xero)
    || case when e.field = 'contact' then jsonb_build_object('xeroId', d ->> 'contactId') else '{}' end order by e.place)
  from (values
    (1, 'number', i.number, d ->> 'number'),
    (2, 'contact', sync_contact_name(i.contact_id),
      case when not sync_invoice_contact_is_ours(i, d ->> 'contactId') then sync_contact_name(d ->> 'contactId') end),
    (3, 'reference', btrim(coalesce(i.reference, ''), E' \t\r\n'), btrim(coalesce(d ->> 'reference', ''), E' \t\r\n')),
    (4, 'date', to_char(i.issued_on, 'YYYY-MM-DD'), d ->> 'issuedOn'),
    (5, 'currency', i.currency, d ->> 'currency'),
    (6, 'net', i.net::numeric(14, 2)::text, (d ->> 'net')::numeric(14, 2)::text),
    (7, 'tax', i.tax::numeric(14, 2)::text, (d ->> 'tax')::numeric(14, 2)::text),
    (8, 'total', i.total::numeric(14, 2)::text, (d ->> 'total')::numeric(14, 2)::text)
  ) e (place, field, ours, xero) where e.ours is not null and e.xero is not null and (e.field = 'contact' or e.ours <> e.xero)
$$;

-- As before, with every edit in place of the total alone.
create or replace function public.sync_payments_apply(p_documents text) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  d jsonb;
  i invoices;
  edits jsonb;
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
    -- A process of before this migration tells less, and leaves what others found.
    edits := case when d ? 'contactId' then sync_invoice_edits(i, d) else i.xero_edits end;
    if edits is null or i.xero_edits is distinct from edits then perform sync_payments_edited(i, edits); end if;
    if (i.xero_status, i.payment_status, i.amount_due, i.amount_paid, i.amount_credited, i.fully_paid_on, i.due_on, i.xero_total, i.xero_edits, i.payment_remark)
       is distinct from
       (d ->> 'xeroStatus', d ->> 'paymentStatus', (d ->> 'amountDue')::numeric, (d ->> 'amountPaid')::numeric, (d ->> 'amountCredited')::numeric,
        (d ->> 'fullyPaidOn')::date, coalesce((d ->> 'dueOn')::date, i.due_on), (d ->> 'total')::numeric, edits, d ->> 'remark') then
      changed := changed + 1;
    end if;
    update invoices set xero_status = d ->> 'xeroStatus', payment_status = d ->> 'paymentStatus', amount_due = (d ->> 'amountDue')::numeric,
      amount_paid = (d ->> 'amountPaid')::numeric, amount_credited = (d ->> 'amountCredited')::numeric, fully_paid_on = (d ->> 'fullyPaidOn')::date,
      due_on = coalesce((d ->> 'dueOn')::date, due_on), xero_total = (d ->> 'total')::numeric, xero_edits = edits, payment_remark = d ->> 'remark',
      xero_updated_at = coalesce((d ->> 'updatedAt')::timestamptz, xero_updated_at), payment_checked_at = now(),
      changes = changes + case when i.payment_status is distinct from d ->> 'paymentStatus' then 1 else 0 end
      where id = i.id;
  end loop;
  return changed;
end $$;

-- Changed back, the line in the failed inbox closes.
create or replace function public.sync_payments_edited(i public.invoices, p_edits jsonb) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  if p_edits is null then
    perform sync_failures_resolve('invoice', jsonb_build_array(i.id)::text, '["AFO-502"]');
    return;
  end if;
  perform sync_failures_record(jsonb_build_array(jsonb_build_object('entity', 'invoice', 'entityId', i.id, 'code', 'AFO-502',
    'message', (select format('%s differs in Xero: ', i.number) || string_agg(format('%s is %s, sent as %s', e ->> 'field',
      coalesce(nullif(e ->> 'xero', ''), 'empty'), coalesce(nullif(e ->> 'ours', ''), 'empty')), '; ') from jsonb_array_elements(p_edits) e),
    'details', jsonb_build_object('number', i.number, 'edits', p_edits), 'clientId', i.client_id, 'money', i.total::text))::text);
end $$;
drop function if exists public.sync_payments_total(public.invoices, text);

create or replace function public.sync_view_invoice(i public.invoices) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('id', i.id, 'number', i.number, 'reference', i.reference, 'state', i.state, 'costCenterId', i.cost_center_id,
    'costCentre', coalesce(sync_view_cost_centre_name(i.cost_center_id), ''), 'clientId', i.client_id,
    'clientName', (select name from clients where id = i.client_id), 'net', i.net::text, 'tax', i.tax::text, 'total', i.total::text,
    'currency', i.currency, 'issuedOn', i.issued_on, 'dueOn', i.due_on, 'xeroInvoiceId', i.xero_invoice_id, 'xeroStatus', i.xero_status,
    'paymentStatus', i.payment_status, 'amountDue', i.amount_due::text, 'amountPaid', i.amount_paid::text,
    'amountCredited', i.amount_credited::text, 'fullyPaidOn', i.fully_paid_on, 'remark', i.payment_remark, 'createdAt', i.created_at,
    'xeroTotal', i.xero_total::text, 'differs', e.edits <> '[]', 'edits', e.edits, 'numberGap', sync_invoice_gap(i))
  -- Before the first reading, Xero's answer to the sending tells of the total alone.
  from (select case when i.state <> 'issued' then '[]' else coalesce(i.xero_edits, case when i.xero_total <> i.total
    then jsonb_build_array(jsonb_build_object('field', 'total', 'ours', i.total::text, 'xero', i.xero_total::text)) end, '[]') end as edits) e
$$;

-- An invoice whose contact differed until a merge explained it. Without asking Xero.
create or replace function public.sync_payments_explained() returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  i invoices;
  rest jsonb;
begin
  for i in select * from invoices where state = 'issued' and xero_edits @> '[{"field": "contact"}]' for update loop
    select jsonb_agg(e) into rest from jsonb_array_elements(i.xero_edits) e
      where e ->> 'field' <> 'contact' or not sync_invoice_contact_is_ours(i, e ->> 'xeroId');
    continue when rest is not distinct from i.xero_edits;
    update invoices set xero_edits = rest where id = i.id;
    perform sync_payments_edited(i, rest);
  end loop;
end $$;
create index if not exists invoices_edited_idx on public.invoices (id) where xero_edits is not null;

-- A day has gone by: what is unpaid after its due date is overdue, without asking Xero. The same rule as the program's paymentStatus.
create or replace function public.sync_payments_age(p_today date) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  n int;
begin
  perform sync_payments_explained();
  update invoices set payment_status = case when due_on < p_today then 'Overdue' else 'Unpaid' end, changes = changes + 1
    where state = 'issued' and payment_status in ('Unpaid', 'Overdue') and amount_due > 0
      and payment_status <> case when due_on < p_today then 'Overdue' else 'Unpaid' end;
  get diagnostics n = row_count;
  return n;
end $$;

drop trigger if exists sync_invoice_changes on public.invoices;
create trigger sync_invoice_changes after insert or update of state, number, total, xero_invoice_id, xero_status, xero_total, xero_edits, payment_status,
  amount_due, amount_paid, amount_credited, due_on, note_written_at, voided_by on public.invoices for each row
  execute function public.sync_change_keep('invoice', '["state", "number", "reference", "total", "xero_invoice_id", "xero_status", "xero_total", "xero_edits",
    "payment_status", "amount_due", "amount_paid", "amount_credited", "due_on", "note_written_at", "voided_by"]');

select public.sync_lock_down();
