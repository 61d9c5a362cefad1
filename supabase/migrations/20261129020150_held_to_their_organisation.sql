-- What was read of an organisation, planned by it or asked of it is kept only while that organisation is in use: a change in between leaves nothing of the
-- old one's behind. And what is billed is what was planned, to the activity and the day.

-- Holds the organisation in use to this one until the transaction ends, or answers that it is another one by now. Renewing its tokens goes on meanwhile.
create or replace function public.sync_tenant_holds(p_tenant_id text) returns boolean
language plpgsql set search_path = public, pg_temp as $$
begin
  perform from xero_tokens where selected and tenant_id = p_tenant_id for key share;
  return found;
end $$;

create or replace function public.sync_tenant_must_hold(p_tenant_id text) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  if p_tenant_id is not null and not sync_tenant_holds(p_tenant_id) then
    perform sync_fail(409, 'organisation-changed', 'The organisation in use was changed meanwhile');
  end if;
end $$;

-- `p_tenant_id`: whose it is; null from a service of the version before.
drop function if exists public.sync_reference_write(text, text);
create or replace function public.sync_reference_write(p_name text, p_value text, p_tenant_id text default null) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform sync_tenant_must_hold(p_tenant_id);
  insert into xero_reference as r (name, value) values (p_name, p_value::jsonb)
  on conflict (name) do update set value = excluded.value, fetched_at = now(),
    previous = case when r.value is distinct from excluded.value then r.value else r.previous end,
    changed_at = case when r.value is distinct from excluded.value then now() else r.changed_at end;
end $$;

-- One that the application sent before us may have changed at any time.
create or replace function public.sync_payments_open() returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select jsonb_build_object('now', now(), 'open', count(*), 'oldest', min(coalesce(sent_at, '2000-01-01')), 'tenantId', (select tenant_id from xero_tokens where selected))
  from invoices where state = 'issued' and payment_status is distinct from 'Paid' and xero_invoice_id is not null
$$;

-- Moves the time since when changes are read, unless it was read of another organisation; answers whether it did.
create or replace function public.sync_payments_cursor(p_value text, p_tenant_id text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not sync_tenant_holds(p_tenant_id) then return false; end if;
  perform sync_cursor_write('payments.changed', p_value);
  return true;
end $$;

-- `p_xero_id`: the document that was asked about; null from where the row itself is at hand, and from a service of the version before.
drop function if exists public.sync_invoice_void(uuid, text, text, boolean);
create or replace function public.sync_invoice_void(p_id uuid, p_xero_status text, p_by text, p_said boolean, p_xero_id text default null) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  who text := coalesce((select asked_by from commands where id::text = p_by), p_by);
begin
  update invoices set state = 'voided', xero_status = p_xero_status, amount_due = 0, voided_at = now(), voided_by = who, updated_at = now(),
    changes = changes + 1, changes_said = case when p_said then changes + 1 else changes_said end
    where id = p_id and state = 'issued' and (p_xero_id is null or xero_invoice_id = p_xero_id);
  if not found then return false; end if;
  update timesheets set invoiced = false, invoice_id = null where invoice_id = p_id;
  perform sync_failures_resolve('invoice', jsonb_build_array(p_id)::text, null);
  insert into audit_log (actor, action, target, details) values (who, 'invoice.voided', p_id::text, jsonb_build_object('xeroStatus', p_xero_status));
  return true;
end $$;

-- Which of these documents in Xero are ours: by id, or by the number of one that may be it and isn't found yet. A number that was refused, given back or
-- never sent says nothing of a document that bears it.
create or replace function public.sync_invoices_known(p_documents text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(d ->> 'id'), '[]') from jsonb_array_elements(p_documents::jsonb) d
  where exists (select from invoices where xero_invoice_id = d ->> 'id') 
    or exists (select from invoices where number = d ->> 'number' and xero_invoice_id is null and state in ('sending', 'unknown'))
$$;

-- As before; 409 `organisation-changed` as well.
create or replace function public.sync_invoice_claim(p_claim text) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  c jsonb := p_claim::jsonb;
  cc uuid := (c ->> 'costCenterId')::uuid;
  planned int := jsonb_array_length(c -> 'timesheets');
  good int;
  worth numeric;
  i invoices;
  n bigint;
  chosen text;
begin
  -- A change of organisation waits for this claim, and then finds an invoice underway.
  if c ? 'tenantId' then perform sync_tenant_must_hold(coalesce(c ->> 'tenantId', '')); end if;
  perform 1 from timesheets where id in (select (t ->> 'id')::uuid from jsonb_array_elements(c -> 'timesheets') t) order by id for update;
  select count(*), sum(t.hours * coalesce(t.rate, a.default_rate)) into good, worth
  from jsonb_array_elements(c -> 'timesheets') p
  join timesheets t on t.id = (p ->> 'id')::uuid
  left join activity_types a on a.id = t.activity_type_id
  where t.cost_center_id = cc and t.status = 'approved' and not t.invoiced and t.invoice_id is null and t.billed_elsewhere_at is null
    and t.hours = (p ->> 'hours')::numeric and coalesce(t.rate, a.default_rate) = (p ->> 'rate')::numeric
    and (not p ? 'activityId' or t.activity_type_id is not distinct from (p ->> 'activityId')::uuid)
    and (not p ? 'workDate' or t.work_date is not distinct from (p ->> 'workDate')::date);
  if good <> planned or good = 0 then perform sync_fail(409, 'changed', 'The timesheets are no longer as they were planned'); end if;
  perform sync_invoice_balance(c, worth);

  select * into i from invoices where cost_center_id = cc and state = 'refused' and series = c ->> 'prefix' and number_spent is null
    order by number limit 1 for update skip locked;
  if not found then
    loop
      insert into invoice_series as s (prefix, next) values (c ->> 'prefix', (c ->> 'start')::bigint + 1)
        on conflict (prefix) do update set next = greatest(s.next, (c ->> 'start')::bigint) + 1 returning next - 1 into n;
      chosen := sync_invoice_number(c ->> 'prefix', (c ->> 'width')::int, n);
      exit when not exists (select from invoices where number = chosen);
    end loop;
    insert into invoices (id, cost_center_id, number, series) values ((c ->> 'id')::uuid, cc, chosen, c ->> 'prefix') returning * into i;
  end if;
  update invoices set client_id = (c ->> 'clientId')::uuid, command_id = (c ->> 'commandId')::uuid, reference = c ->> 'reference', state = 'claimed',
    fence = fence + 1, sends = 0, body = null, batch_id = null, batch_place = null, batch_size = null, idempotency_key = null, sent_at = null,
    contact_id = c ->> 'contactId', wanted_status = c ->> 'status', lines = c -> 'lines', net = (c ->> 'net')::numeric, tax = (c ->> 'tax')::numeric,
    total = (c ->> 'total')::numeric, currency = c ->> 'currency', issued_on = (c ->> 'issuedOn')::date, due_on = (c ->> 'dueOn')::date,
    note_text = c ->> 'note', note_tried_at = null, note_written_at = null, asked_at = null, updated_at = now(),
    wait_until = now() + (c ->> 'leaseMs')::bigint * interval '1 millisecond'
    where id = i.id returning * into i;
  update timesheets set invoice_id = i.id where id in (select (t ->> 'id')::uuid from jsonb_array_elements(c -> 'timesheets') t);
  delete from invoice_waits where cost_center_id = cc;
  return sync_invoice_json(i);
end $$;

-- As before; nothing is repeated under its key once the key may be forgotten, however long the way here was.
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
        continue when i.sent_at <= now() - (o ->> 'withinMs')::bigint * interval '1 millisecond';
        update invoices set sends = sends + 1, wait_until = now() + pause where id = i.id;
      else perform sync_fail(400, 'outcome-unknown', 'No such outcome');
    end case;
    select * into i from invoices where id = i.id;
    done := done || jsonb_build_object('id', i.id, 'state', i.state);
  end loop;
  return done;
end $$;

select public.sync_lock_down();
