-- An invoice in doubt belongs to the organisation that it was sent to. Where that connection was gone, people may have chosen another meanwhile: looked up
-- there it is absent, which says nothing, and sent there it could exist twice.

alter table public.invoices add column if not exists sent_tenant text;

create or replace function public.sync_invoices_sending(p_batch text) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  b jsonb := p_batch::jsonb;
  batch uuid := (b ->> 'batchId')::uuid;
  tenant text := (select tenant_id from xero_tokens where selected);
  size int;
begin
  update invoices i set state = 'sending', batch_id = batch, batch_place = a.place, body = a.e ->> 'body', idempotency_key = b ->> 'key', sent_at = now(),
    sent_tenant = tenant, sends = i.sends + 1, wait_until = now() + (b ->> 'leaseMs')::bigint * interval '1 millisecond', updated_at = now()
  from jsonb_array_elements(b -> 'invoices') with ordinality a (e, place)
  where i.id = (a.e ->> 'id')::uuid and i.fence = (a.e ->> 'fence')::bigint and i.state in ('claimed', 'sending', 'unknown')
    and (i.sends = 0 or i.sent_tenant is null or i.sent_tenant = tenant);
  get diagnostics size = row_count;
  update invoices set batch_size = size where batch_id = batch;
  return (select coalesce(jsonb_agg(id order by batch_place), '[]') from invoices where batch_id = batch);
end $$;

create or replace function public.sync_invoice_json(i public.invoices) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('id', i.id, 'costCenterId', i.cost_center_id, 'clientId', i.client_id, 'commandId', i.command_id, 'number', i.number,
    'reference', i.reference, 'state', i.state, 'fence', i.fence::text, 'sends', i.sends, 'contactId', i.contact_id,
    'alsoContacts', sync_invoice_contacts(i), 'wantedStatus', i.wanted_status,
    'currency', i.currency, 'issuedOn', i.issued_on, 'dueOn', i.due_on, 'lines', i.lines, 'net', i.net::text, 'tax', i.tax::text, 'total', i.total::text,
    'batchId', i.batch_id, 'idempotencyKey', i.idempotency_key,
    'sentAgeMs', floor(extract(epoch from now() - i.sent_at) * 1000)::bigint,
    'sentElsewhere', coalesce(i.sends > 0 and i.sent_tenant <> (select tenant_id from xero_tokens where selected), false),
    'xeroInvoiceId', i.xero_invoice_id, 'xeroStatus', i.xero_status, 'noteDue', i.state = 'issued' and i.note_text is not null and i.note_written_at is null)
$$;

select public.sync_lock_down();
