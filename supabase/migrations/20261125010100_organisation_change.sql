-- A forced change of organisation waits for the invoices that are on their way to the one in use.

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
  update activity_types set xero_item_id = null, managed_by_xero = false, account_code = null, tax_type = null where xero_item_id is not null;
  update invoices set xero_invoice_id = null where xero_invoice_id is not null;

  update clients c set xero_contact_id = u.xero_id from xero_unlinked u where u.tenant_id = p_to and u.entity = 'client' and u.entity_id = c.id;
  update activity_types a set xero_item_id = u.xero_id, managed_by_xero = true from xero_unlinked u
    where u.tenant_id = p_to and u.entity = 'item' and u.entity_id = a.id;
  update invoices i set xero_invoice_id = u.xero_id from xero_unlinked u where u.tenant_id = p_to and u.entity = 'invoice' and u.entity_id = i.id;
  delete from xero_unlinked where tenant_id = p_to;

  delete from xero_cursors;
  delete from xero_contacts;
  delete from xero_contact_wants;
  update clients set xero_failed_revision = null where xero_failed_revision is not null;
  update xero_conflicts set state = 'gone', resolved_at = now() where state = 'open';
  delete from xero_matches where state = 'open';
end $$;

select public.sync_lock_down();
