-- Whatever asks about an invoice in doubt asks the organisation that it was sent to, or nobody.

-- Whether a request for it may have reached an organisation that is not the one in use.
create or replace function public.sync_invoice_elsewhere(i public.invoices) returns boolean
language sql stable set search_path = public, pg_temp as $$
  select coalesce(i.sends > 0 and i.sent_tenant <> (select tenant_id from xero_tokens where selected), false)
$$;

create or replace function public.sync_invoice_json(i public.invoices) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('id', i.id, 'costCenterId', i.cost_center_id, 'clientId', i.client_id, 'commandId', i.command_id, 'number', i.number,
    'reference', i.reference, 'state', i.state, 'fence', i.fence::text, 'sends', i.sends, 'contactId', i.contact_id,
    'alsoContacts', sync_invoice_contacts(i), 'wantedStatus', i.wanted_status,
    'currency', i.currency, 'issuedOn', i.issued_on, 'dueOn', i.due_on, 'lines', i.lines, 'net', i.net::text, 'tax', i.tax::text, 'total', i.total::text,
    'batchId', i.batch_id, 'idempotencyKey', i.idempotency_key,
    'sentAgeMs', floor(extract(epoch from now() - i.sent_at) * 1000)::bigint,
    'sentElsewhere', sync_invoice_elsewhere(i),
    'xeroInvoiceId', i.xero_invoice_id, 'xeroStatus', i.xero_status, 'noteDue', i.state = 'issued' and i.note_text is not null and i.note_written_at is null)
$$;

-- As before; what was sent to a third organisation holds up no change, least of all the one back to it. Who is at an invoice in doubt while the organisation
-- changes would take the next one's word for it, and is fenced off. What people wanted voided was meant for the organisation they saw then.
create or replace function public.sync_connection_relink(p_from text, p_to text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- Sent to one organisation and looked up in another, an invoice would be found absent and sent again. Where the connection is gone, nobody can be asked.
  if exists (select from xero_tokens where selected and tenant_id = p_from and disconnected_at is null)
      and exists (select from invoices i where state in ('claimed', 'sending', 'unknown') and not sync_invoice_elsewhere(i)) then
    perform sync_fail(409, 'invoices-underway',
      'Invoices are on their way to the organisation in use. Change it when they have ended: in a few minutes, or when the failed inbox says what they wait for');
  end if;
  -- Sent before it was written down to whom.
  update invoices set fence = fence + 1, sent_tenant = coalesce(sent_tenant, p_from) where state in ('sending', 'unknown') and sends > 0;
  update commands set cancel_requested_at = coalesce(cancel_requested_at, now()) where name = 'invoices.void' and state in ('queued', 'running');
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

create or replace function public.sync_invoice_gap(i public.invoices) returns text
language sql stable set search_path = public, pg_temp as $$
  select case
    when i.state = 'claimed' and not sync_invoicing_on() then 'Waits: invoicing is switched off in the settings'
    when i.state in ('claimed', 'sending') then 'On its way to Xero'
    when i.state = 'unknown' and sync_invoice_elsewhere(i) then 'The answer was lost before another organisation was chosen; look for it there'
    when i.state = 'unknown' then 'The answer was lost; it is being looked up'
    when i.state = 'refused' and i.number_spent is null then 'Refused; kept for the next invoice of this cost centre'
    when i.state = 'refused' then 'Refused; ' || i.number_spent
    when i.state = 'voided' then initcap(coalesce(i.xero_status, 'voided')) || ' on ' || to_char(i.voided_at, 'YYYY-MM-DD')
      || case when i.voided_by = 'xero' then ' in Xero' else ' by ' || coalesce(i.voided_by, 'somebody') end
  end
$$;

select public.sync_lock_down();
