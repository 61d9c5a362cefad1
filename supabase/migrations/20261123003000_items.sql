-- Item-sync: Xero's price list into activity_types.

-- Takes over Xero's whole list of sold items: adds, updates, marks what is gone, restores what is back, and writes nothing that is equal.
-- Columns of the office's own are never touched. Each element: itemId, code, name, description, rate (decimal text), accountCode, taxType.
-- An item that can't be taken over keeps its row as it was, is reported in `refused`, and stops no other.
create or replace function public.sync_items_import(p_items text) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  i record;
  added int := 0;
  updated int := 0;
  restored int := 0;
  missing int;
  n int;
  refused jsonb := '[]';
begin
  -- Two imports at once would each add what the other is adding.
  perform pg_advisory_xact_lock(hashtext('sync_items_import'));

  for i in
    select x.*, a.id as activity_id, a.missing_in_xero_at is not null as was_missing
    from jsonb_to_recordset(p_items::jsonb) as x ("itemId" text, code text, name text, description text, rate text, "accountCode" text, "taxType" text)
    left join activity_types a on a.xero_item_id = x."itemId"
      -- An activity that somebody gave the item's code before the first import is that item.
      or (a.xero_item_id is null and lower(a.xero_item_code) = lower(x.code)
        and not exists (select from activity_types b where b.xero_item_id = x."itemId"))
    where a.id is null or a.missing_in_xero_at is not null or not a.managed_by_xero
      or (a.name, a.default_rate, a.xero_item_code, a.description, a.account_code, a.tax_type)
        is distinct from (x.name, x.rate::numeric, x.code, x.description, x."accountCode", x."taxType")
  loop
    begin
      if exists (select from activity_types a where lower(a.name) = lower(i.name) and a.xero_item_id is null and a.id is distinct from i.activity_id) then
        raise unique_violation using message = format('There is an activity type "%s" already that does not come from Xero', i.name);
      end if;
      if i.activity_id is null then
        insert into activity_types (name, default_rate, xero_item_id, xero_item_code, managed_by_xero, description, account_code, tax_type)
          values (i.name, i.rate::numeric, i."itemId", i.code, true, i.description, i."accountCode", i."taxType");
        added := added + 1;
      else
        update activity_types set name = i.name, default_rate = i.rate::numeric, xero_item_id = i."itemId", xero_item_code = i.code, managed_by_xero = true,
          description = i.description, account_code = i."accountCode", tax_type = i."taxType", missing_in_xero_at = null, updated_at = now()
          where id = i.activity_id;
        if i.was_missing then restored := restored + 1; else updated := updated + 1; end if;
      end if;
    exception when integrity_constraint_violation or data_exception then
      refused := refused || jsonb_build_object('itemId', i."itemId", 'code', i.code, 'name', i.name, 'message', sqlerrm);
    end;
  end loop;

  update activity_types set missing_in_xero_at = now(), updated_at = now()
    where xero_item_id is not null and missing_in_xero_at is null
      and xero_item_id not in (select e ->> 'itemId' from jsonb_array_elements(p_items::jsonb) e);
  get diagnostics missing = row_count;

  update xero_failures set resolved_at = now(), resolution = 'fixed'
    where resolved_at is null and entity = 'item' and entity_id not in (select r ->> 'itemId' from jsonb_array_elements(refused) r);

  n := jsonb_array_length(p_items::jsonb);
  return jsonb_build_object('added', added, 'updated', updated, 'restored', restored, 'missing', missing, 'refused', refused,
    'unchanged', n - added - updated - restored - jsonb_array_length(refused));
end $$;

select public.sync_lock_down();
