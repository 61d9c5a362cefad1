-- A change of organisation leaves nothing of the old one behind; an invoice is found again after its contact was merged.

-- A forced change waits for the invoices that are on their way to the organisation in use. What was read of it (accounts, tax rates, currency) says nothing
-- about the next one, and neither does what a person answered about it.
create or replace function public.sync_connection_relink(p_from text, p_to text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- Sent to one organisation and looked up in another, an invoice would be found absent and sent again. Where the connection is gone, nobody can be asked.
  if exists (select from xero_tokens where selected and tenant_id = p_from and disconnected_at is null)
      and exists (select from invoices where state in ('claimed', 'sending', 'unknown')) then
    perform sync_fail(409, 'invoices-underway',
      'Invoices are on their way to the organisation in use. Change it when they have ended: in a few minutes, or when the failed inbox says what they wait for');
  end if;
  insert into xero_unlinked (tenant_id, entity, entity_id, xero_id)
    select p_from, 'client', id, xero_contact_id from clients where xero_contact_id is not null
    union all select p_from, 'item', id, xero_item_id from activity_types where xero_item_id is not null
    union all select p_from, 'invoice', id, xero_invoice_id from invoices where xero_invoice_id is not null
  on conflict (tenant_id, entity, entity_id) do update set xero_id = excluded.xero_id, unlinked_at = now();
  update clients set xero_contact_id = null, xero_synced_at = null, xero_synced_revision = null, xero_snapshot = null, xero_contact_status = null
    where xero_contact_id is not null;
  -- What a write that is on its way brings back is no longer its writer's to keep.
  update clients set xero_lease_owner = null, xero_lease_until = null, xero_sent = null where xero_lease_owner is not null or xero_sent is not null;
  update activity_types set xero_item_id = null, managed_by_xero = false, account_code = null, tax_type = null where xero_item_id is not null;
  update invoices set xero_invoice_id = null where xero_invoice_id is not null;

  update clients c set xero_contact_id = u.xero_id from xero_unlinked u where u.tenant_id = p_to and u.entity = 'client' and u.entity_id = c.id;
  update activity_types a set xero_item_id = u.xero_id, managed_by_xero = true from xero_unlinked u
    where u.tenant_id = p_to and u.entity = 'item' and u.entity_id = a.id;
  update invoices i set xero_invoice_id = u.xero_id from xero_unlinked u where u.tenant_id = p_to and u.entity = 'invoice' and u.entity_id = i.id;
  delete from xero_unlinked where tenant_id = p_to;

  delete from xero_cursors;
  delete from xero_reference;
  delete from xero_contacts;
  delete from xero_contact_wants;
  update clients set xero_failed_revision = null where xero_failed_revision is not null;
  update xero_conflicts set state = 'gone', resolved_at = now() where state = 'open';
  delete from xero_matches;
end $$;

-- Moves the place up to which contacts were read, unless it was read of another organisation than the one in use by now; answers whether it did.
create or replace function public.sync_contacts_cursor(p_value text, p_tenant_id text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- One after the other with a change of organisation, which forgets the cursor.
  perform from xero_tokens where selected and tenant_id = p_tenant_id for share;
  if not found then return false; end if;
  perform sync_cursor_write('contacts', p_value);
  return true;
end $$;

-- The contacts that stand for an invoice's own by now: what it was merged into, and whom its client is linked to.
create or replace function public.sync_invoice_contacts(i public.invoices) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  with recursive kept (id, steps) as (
    select i.contact_id, 0
    union select x.merged_to, k.steps + 1 from kept k join xero_contacts x on x.contact_id = k.id where x.merged_to is not null and k.steps < 20
  )
  select coalesce(jsonb_agg(id), '[]') from (
    select id from kept where id <> i.contact_id
    union select xero_contact_id from clients where id = i.client_id and xero_contact_id <> i.contact_id) known (id)
$$;

create or replace function public.sync_invoice_contact_is_ours(i public.invoices, p_contact_id text) returns boolean
language sql stable set search_path = public, pg_temp as $$
  select i.contact_id is null
    or lower(p_contact_id) in (select lower(id) from jsonb_array_elements_text(sync_invoice_contacts(i) || to_jsonb(i.contact_id)) k (id))
$$;

create or replace function public.sync_invoice_json(i public.invoices) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('id', i.id, 'costCenterId', i.cost_center_id, 'clientId', i.client_id, 'commandId', i.command_id, 'number', i.number,
    'reference', i.reference, 'state', i.state, 'fence', i.fence::text, 'sends', i.sends, 'contactId', i.contact_id,
    'alsoContacts', sync_invoice_contacts(i), 'wantedStatus', i.wanted_status,
    'currency', i.currency, 'issuedOn', i.issued_on, 'dueOn', i.due_on, 'lines', i.lines, 'net', i.net::text, 'tax', i.tax::text, 'total', i.total::text,
    'batchId', i.batch_id, 'idempotencyKey', i.idempotency_key,
    'sentAgeMs', floor(extract(epoch from now() - i.sent_at) * 1000)::bigint,
    'xeroInvoiceId', i.xero_invoice_id, 'xeroStatus', i.xero_status, 'noteDue', i.state = 'issued' and i.note_text is not null and i.note_written_at is null)
$$;

-- As before; of the two doubts about an invoice (a document that differs, an answer that is missing) only the one that holds now stays in the inbox.
create or replace function public.sync_invoices_settle(p_outcomes text) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  o jsonb;
  i invoices;
  pause interval;
  done jsonb := '[]';
begin
  for o in select value from jsonb_array_elements(p_outcomes::jsonb) order by value ->> 'id' loop
    select * into i from invoices where id = (o ->> 'id')::uuid and fence = (o ->> 'fence')::bigint and state in ('claimed', 'sending', 'unknown') for update;
    continue when not found;
    pause := coalesce((o ->> 'waitMs')::bigint, 0) * interval '1 millisecond';
    case o ->> 'to'
      when 'issued' then perform sync_invoice_issue(i, o);
      when 'refused' then perform sync_invoice_refuse(i, o);
      when 'unknown' then
        update invoices set state = 'unknown', wait_until = now() + pause, updated_at = now() where id = i.id;
        perform sync_failures_resolve('invoice', jsonb_build_array(i.id)::text,
          (select jsonb_agg(code)::text from unnest(array['AFO-415', 'AFO-416']) code where code <> o ->> 'code'));
        perform sync_invoice_fail(i, o);
      when 'claimed' then
        update invoices set state = case when sends <= 1 then 'claimed' else 'unknown' end, sends = greatest(sends - 1, 0), wait_until = now() + pause where id = i.id;
      when 'resent' then
        update invoices set sends = sends + 1, wait_until = now() + pause where id = i.id;
      else perform sync_fail(400, 'outcome-unknown', 'No such outcome');
    end case;
    select * into i from invoices where id = i.id;
    done := done || jsonb_build_object('id', i.id, 'state', i.state);
  end loop;
  return done;
end $$;

-- Invoices of an organisation that people have left are nobody's to ask about, so their payments stay as they were known.
create or replace function public.sync_payments_open() returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select jsonb_build_object('now', now(), 'open', count(*), 'oldest', min(sent_at))
  from invoices where state = 'issued' and payment_status is distinct from 'Paid' and xero_invoice_id is not null
$$;

create or replace function public.sync_payments_age(p_today date) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  n int;
begin
  perform sync_payments_explained();
  update invoices i set payment_status = a.status, changes = i.changes + 1
    from (select id, case when xero_status = 'AUTHORISED' and due_on < p_today then 'Overdue' else 'Unpaid' end as status from invoices
      where state = 'issued' and payment_status in ('Unpaid', 'Overdue') and amount_due > 0 and xero_invoice_id is not null) a
    where i.id = a.id and i.payment_status <> a.status;
  get diagnostics n = row_count;
  return n;
end $$;

select public.sync_lock_down();
