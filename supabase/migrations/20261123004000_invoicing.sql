-- Invoicing: what is billable, the claim that freezes an invoice and takes its number, and each later step under the claim's fence.

alter table public.clients
  -- What the contact in Xero says about when to pay: {"day": 20, "type": "OFFOLLOWINGMONTH"}. Kept by contact-sync.
  add column if not exists xero_payment_terms jsonb;

alter table public.invoices
  add column if not exists contact_id text,
  add column if not exists wanted_status text,
  -- Which series the number is from, and why it can't be used again where that is so.
  add column if not exists series text,
  add column if not exists number_spent text,
  -- The batch it was last sent in: a repeat under the batch's key must be the same elements in the same order.
  add column if not exists batch_id uuid,
  add column if not exists batch_place int,
  add column if not exists batch_size int,
  -- How often this claim may have reached Xero.
  add column if not exists sends int not null default 0,
  -- Nobody else takes the row before: a lease while someone works on it, a pause while a lost answer may still arrive.
  add column if not exists wait_until timestamptz,
  add column if not exists asked_at timestamptz,
  add column if not exists xero_total numeric(14, 2),
  add column if not exists voided_at timestamptz,
  add column if not exists voided_by text,
  -- Changes of payment status or voiding, and how many of them were said on the stream.
  add column if not exists changes int not null default 0,
  add column if not exists changes_said int not null default 0;
create index if not exists invoices_command_idx on public.invoices (command_id);
create index if not exists invoices_cost_center_idx on public.invoices (cost_center_id);
create index if not exists invoices_batch_idx on public.invoices (batch_id);
create index if not exists invoices_unnoted_idx on public.invoices (id) where state = 'issued' and note_text is not null and note_written_at is null;

create table if not exists public.invoice_series (
  prefix text primary key,
  next bigint not null
);

-- Billing that waits for its client's contact.
create table if not exists public.invoice_waits (
  id uuid primary key default gen_random_uuid(),
  cost_center_id uuid not null unique references public.cost_centers (id) on delete cascade,
  client_id uuid not null references public.clients (id) on delete cascade,
  body jsonb not null,
  asked_by text not null,
  created_at timestamptz not null default now(),
  -- When contact-sync was last asked for the contact.
  asked_at timestamptz not null default now()
);

-- What rarely changes in Xero, as it was last read.
create table if not exists public.xero_reference (
  name text primary key,
  value jsonb not null,
  fetched_at timestamptz not null default now()
);

do $$
declare
  t text;
begin
  foreach t in array array['invoice_series', 'invoice_waits', 'xero_reference'] loop
    execute format('alter table public.%I enable row level security', t);
    execute format('revoke all on public.%I from anon, authenticated', t);
  end loop;
end $$;

-- ---------------------------------------------------------------- what is billable

-- Work before this day is never billed here: the setting, else the day of the first connection, so that a first run doesn't bill the past.
create or replace function public.sync_bill_from(p_bill_from date, p_zone text) returns date
language sql stable set search_path = public, pg_temp as $$
  select coalesce(p_bill_from, (select min(created_at at time zone p_zone)::date from xero_tokens), (now() at time zone p_zone)::date)
$$;

-- Cost centres with approved, unbilled timesheets, in the order of their names.
create or replace function public.sync_billing_candidates(p_from date, p_to date, p_bill_from date, p_zone text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(c.id order by p.code, c.name, c.id), '[]')
  from cost_centers c left join projects p on p.id = c.project_id
  where exists (
    select from timesheets t
    where t.cost_center_id = c.id and t.status = 'approved' and not t.invoiced and t.invoice_id is null and t.billed_elsewhere_at is null
      and (t.work_date is null or (t.work_date >= greatest(p_from, sync_bill_from(p_bill_from, p_zone)) and t.work_date <= coalesce(p_to, 'infinity'))))
$$;

-- A quantity as text, or null where it has more than 4 decimals (an older database's column may hold such): not billable rather than rounded in silence.
create or replace function public.sync_four_places(p_value numeric) returns text
language sql immutable set search_path = public, pg_temp as $$
  select case when p_value = round(p_value, 4) then round(p_value, 4)::text end
$$;

-- All that a plan for these cost centres is made from. `now` is the instant of the reading.
create or replace function public.sync_billing_sources(p_ids text, p_from date, p_to date, p_bill_from date, p_zone text, p_prefix text) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  first_day date := greatest(p_from, sync_bill_from(p_bill_from, p_zone));
  last_day date := coalesce(p_to, 'infinity');
  sources jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object(
    'costCenter', jsonb_build_object('id', c.id, 'name', c.name, 'poNumber', nullif(btrim(c.customer_po_number), ''), 'poAmount', c.po_amount::text,
      'poExpiresOn', c.po_expires_on, 'trackingOption', nullif(btrim(c.tracking_option), '')),
    'project', jsonb_build_object('code', coalesce(p.code, ''), 'name', coalesce(p.name, '')),
    'client', case when l.id is not null then jsonb_build_object('id', l.id, 'name', l.name, 'contactId', l.xero_contact_id,
      'contactStatus', l.xero_contact_status, 'terms', l.xero_payment_terms,
      'failed', exists (select from xero_failures f where f.entity = 'client' and f.entity_id = l.id::text and f.resolved_at is null),
      'matching', exists (select from xero_matches m where m.client_id = l.id and m.state = 'open')) end,
    'keptNumber', (select k.number from invoices k where k.cost_center_id = c.id and k.state = 'refused' and k.series = p_prefix and k.number_spent is null
      order by k.number limit 1),
    'orderBilled', (select coalesce(sum(i.net), 0)::text from invoices i where i.cost_center_id = c.id and i.reference = btrim(c.customer_po_number)
      and i.state in ('claimed', 'sending', 'unknown', 'issued')),
    'submitted', (select count(*) from timesheets t where t.cost_center_id = c.id and t.status = 'submitted' and t.work_date between first_day and last_day),
    'timesheets', (select coalesce(jsonb_agg(jsonb_build_object(
        'id', t.id, 'workDate', t.work_date, 'worker', t.worker_name, 'hours', sync_four_places(t.hours),
        'rate', sync_four_places(coalesce(t.rate, a.default_rate)),
        'activityId', a.id, 'activity', coalesce(a.name, ''), 'itemCode', case when a.missing_in_xero_at is null then a.xero_item_code end,
        'accountCode', a.account_code, 'taxType', a.tax_type) order by t.work_date, t.id), '[]')
      from timesheets t left join activity_types a on a.id = t.activity_type_id
      where t.cost_center_id = c.id and t.status = 'approved' and not t.invoiced and t.invoice_id is null and t.billed_elsewhere_at is null
        and (t.work_date is null or t.work_date between first_day and last_day))
  ) order by w.ord), '[]') into sources
  from jsonb_array_elements_text(p_ids::jsonb) with ordinality w (id, ord)
  join cost_centers c on c.id = w.id::uuid
  left join projects p on p.id = c.project_id
  left join clients l on l.id = p.client_id;
  return jsonb_build_object('now', now(), 'sources', sources);
end $$;

create or replace function public.sync_invoice_number(p_prefix text, p_width int, p_n bigint) returns text
language sql immutable set search_path = public, pg_temp as $$
  select p_prefix || lpad(p_n::text, greatest(p_width, length(p_n::text)), '0')
$$;

-- The number that the next claim without a kept one takes, if nobody is faster.
create or replace function public.sync_invoice_series_next(p_prefix text, p_start bigint) returns bigint
language sql stable security definer set search_path = public, pg_temp as $$
  select greatest(p_start, (select next from invoice_series where prefix = p_prefix))
$$;

-- ---------------------------------------------------------------- the claim

-- An invoice as those who work on it see it.
create or replace function public.sync_invoice_json(i public.invoices) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('id', i.id, 'costCenterId', i.cost_center_id, 'clientId', i.client_id, 'commandId', i.command_id, 'number', i.number,
    'reference', i.reference, 'state', i.state, 'fence', i.fence::text, 'sends', i.sends, 'contactId', i.contact_id, 'wantedStatus', i.wanted_status,
    'currency', i.currency, 'issuedOn', i.issued_on, 'dueOn', i.due_on, 'lines', i.lines, 'net', i.net::text, 'tax', i.tax::text, 'total', i.total::text,
    'batchId', i.batch_id, 'idempotencyKey', i.idempotency_key,
    'sentAgeMs', floor(extract(epoch from now() - i.sent_at) * 1000)::bigint,
    'xeroInvoiceId', i.xero_invoice_id, 'xeroStatus', i.xero_status, 'noteDue', i.state = 'issued' and i.note_text is not null and i.note_written_at is null)
$$;

-- Freezes an invoice: takes these timesheets, if they are still as planned, and the next number of the series (or the one kept for this cost centre).
-- 409 `changed` when another claim was faster or a timesheet was changed: plan anew. 422 `unbalanced` when lines, hours and totals don't agree, which
-- would be a defect of the planner: nothing wrong by a cent gets further than this.
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
  perform 1 from timesheets where id in (select (t ->> 'id')::uuid from jsonb_array_elements(c -> 'timesheets') t) order by id for update;
  select count(*), sum(t.hours * coalesce(t.rate, a.default_rate)) into good, worth
  from jsonb_array_elements(c -> 'timesheets') p
  join timesheets t on t.id = (p ->> 'id')::uuid
  left join activity_types a on a.id = t.activity_type_id
  where t.cost_center_id = cc and t.status = 'approved' and not t.invoiced and t.invoice_id is null and t.billed_elsewhere_at is null
    and t.hours = (p ->> 'hours')::numeric and coalesce(t.rate, a.default_rate) = (p ->> 'rate')::numeric;
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

-- The second arithmetic: lines against hours and rates, each line's product and tax, sums against totals, all in exact numeric.
create or replace function public.sync_invoice_balance(c jsonb, p_worth numeric) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  worth numeric;
  net numeric;
  tax numeric;
  wrong int;
begin
  select sum(q * u), sum(round(q * u, 2)), sum(round(round(q * u, 2) * r / 100, 2)),
    count(*) filter (where round(q * u, 2) <> n or round(round(q * u, 2) * r / 100, 2) <> t)
  into worth, net, tax, wrong
  from (select (l ->> 'quantity')::numeric q, (l ->> 'unitPrice')::numeric u, (l ->> 'taxRate')::numeric r, (l ->> 'net')::numeric n, (l ->> 'tax')::numeric t
        from jsonb_array_elements(c -> 'lines') l) x;
  if wrong > 0 or worth is distinct from p_worth or net is distinct from (c ->> 'net')::numeric or tax is distinct from (c ->> 'tax')::numeric
     or net + tax is distinct from (c ->> 'total')::numeric then
    perform sync_fail(422, 'unbalanced', 'The invoice''s lines do not add up to its timesheets and totals');
  end if;
end $$;

-- ---------------------------------------------------------------- from the claim to the end

-- Takes unfinished invoices to work on: those of one's own command at once, others when nobody else is at them. Each gets a new fence.
create or replace function public.sync_invoices_take(p_ids text, p_command_id uuid, p_lease_ms bigint) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
  with due as (
    select id from invoices
    where state in ('claimed', 'sending', 'unknown')
      and (command_id = p_command_id or (id in (select jsonb_array_elements_text(p_ids::jsonb)::uuid) and coalesce(wait_until, '-infinity') <= now()))
    for update skip locked
  ), taken as (
    update invoices i set fence = fence + 1, wait_until = now() + p_lease_ms * interval '1 millisecond', asked_at = null from due where i.id = due.id returning i.*
  )
  select coalesce(jsonb_agg(sync_invoice_json(t::invoices) order by t.number), '[]') from taken t
$$;

-- Commits what is about to be sent: key, exact bodies, order, time. Answers the ids that may go, in order; a stale fence's is left out.
create or replace function public.sync_invoices_sending(p_batch text) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  b jsonb := p_batch::jsonb;
  batch uuid := (b ->> 'batchId')::uuid;
  size int;
begin
  update invoices i set state = 'sending', batch_id = batch, batch_place = a.place, body = a.e ->> 'body', idempotency_key = b ->> 'key', sent_at = now(),
    sends = i.sends + 1, wait_until = now() + (b ->> 'leaseMs')::bigint * interval '1 millisecond', updated_at = now()
  from jsonb_array_elements(b -> 'invoices') with ordinality a (e, place)
  where i.id = (a.e ->> 'id')::uuid and i.fence = (a.e ->> 'fence')::bigint and i.state in ('claimed', 'sending', 'unknown');
  get diagnostics size = row_count;
  update invoices set batch_size = size where batch_id = batch;
  return (select coalesce(jsonb_agg(id order by batch_place), '[]') from invoices where batch_id = batch);
end $$;

-- A batch as it was sent, or null where it can't be repeated to the byte.
create or replace function public.sync_invoices_batch(p_batch_id uuid) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select case when count(*) = max(batch_size) then jsonb_agg(jsonb_build_object('id', id, 'body', body) order by batch_place) end
  from invoices where batch_id = p_batch_id
$$;

-- What became of invoices that were sent or looked up, each under its fence. Answers those that were changed, with the state they have now.
--   issued: Xero's document is ours; its timesheets are invoiced.      refused: for good; the timesheets are free, the number is kept or spent.
--   unknown: may or may not be there, look again after `waitMs`.       claimed: surely not sent, after all.        resent: once more under its key.
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

create or replace function public.sync_invoice_fail(i public.invoices, o jsonb) returns void
language sql set search_path = public, pg_temp as $$
  select sync_failures_record(jsonb_build_array(jsonb_build_object('entity', 'invoice', 'entityId', i.id, 'code', o ->> 'code', 'message', o ->> 'message',
    'details', coalesce(o -> 'details', '{}') || jsonb_build_object('number', i.number, 'costCenterId', i.cost_center_id),
    'clientId', i.client_id, 'money', i.total::text, 'commandId', i.command_id))::text)
$$;

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
end $$;

create or replace function public.sync_invoice_refuse(i public.invoices, o jsonb) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  update invoices set state = 'refused', number_spent = o ->> 'spent', wait_until = null, asked_at = null, updated_at = now() where id = i.id;
  update timesheets set invoice_id = null where invoice_id = i.id and not invoiced;
  perform sync_failures_resolve('invoice', jsonb_build_array(i.id)::text, '["AFO-415", "AFO-416"]');
  perform sync_invoice_fail(i, o);
end $$;

create or replace function public.sync_cost_center_label(p_id uuid) returns text
language sql stable set search_path = public, pg_temp as $$
  select coalesce(p.code, '') || ' - ' || c.name from cost_centers c left join projects p on p.id = c.project_id where c.id = p_id
$$;

-- The invoices of one command and what became of them.
create or replace function public.sync_invoices_of_command(p_command_id uuid) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'costCenterId', i.cost_center_id, 'what', sync_cost_center_label(i.cost_center_id), 'number', i.number,
    'state', i.state, 'xeroInvoiceId', i.xero_invoice_id, 'total', i.total::text, 'code', f.code, 'message', f.message) order by i.number), '[]')
  from invoices i
  left join lateral (select code, message from xero_failures f where f.entity = 'invoice' and f.entity_id = i.id::text and f.resolved_at is null
    order by last_seen_at desc limit 1) f on true
  where i.command_id = p_command_id
$$;

create or replace function public.sync_invoices_read(p_ids text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(sync_invoice_json(i) order by i.number), '[]') from invoices i where i.id in (select jsonb_array_elements_text(p_ids::jsonb)::uuid)
$$;

-- What a crash or a lost Redis left behind: unfinished invoices that nobody works on, and notes not written, which may well wait their turn for long.
-- Each is named once per `p_again_ms`, or `p_note_again_ms`.
create or replace function public.sync_invoices_stale(p_again_ms bigint, p_note_again_ms bigint, p_limit int) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
  with stale as (
    select id from invoices
    where (state in ('claimed', 'sending', 'unknown') or (state = 'issued' and note_text is not null and note_written_at is null))
      and coalesce(wait_until, '-infinity') <= now()
      and coalesce(asked_at, updated_at) <= now() - case state when 'issued' then p_note_again_ms else p_again_ms end * interval '1 millisecond'
    order by number limit p_limit for update skip locked
  ), asked as (
    update invoices i set asked_at = now() from stale where i.id = stale.id returning i.id
  )
  select coalesce(jsonb_agg(id), '[]') from asked
$$;

-- ---------------------------------------------------------------- waiting for a contact

-- Cost centres that couldn't be billed: their reasons in the failed inbox (what no longer stands is closed), and the request kept where a contact is
-- all that is missing. Each: costCenterId, clientId, commandId, failures [{entity, entityId, code, message}], money, waits (the request's body or null).
create or replace function public.sync_billing_held(p_held text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  h jsonb;
  f jsonb;
begin
  for h in select value from jsonb_array_elements(p_held::jsonb) loop
    update xero_failures set resolved_at = now(), resolution = 'fixed'
      where resolved_at is null and entity = 'cost-centre' and entity_id = h ->> 'costCenterId'
        and code not in (select x ->> 'code' from jsonb_array_elements(h -> 'failures') x);
    f := (select coalesce(jsonb_agg(x || jsonb_build_object('clientId', h -> 'clientId', 'commandId', h -> 'commandId')), '[]')
      from jsonb_array_elements(h -> 'failures') x);
    perform sync_failures_record(f::text);
    if h ->> 'waits' is not null then
      insert into invoice_waits (cost_center_id, client_id, body, asked_by)
        values ((h ->> 'costCenterId')::uuid, (h ->> 'clientId')::uuid, h -> 'waits',
          coalesce((select asked_by from commands where id = (h ->> 'commandId')::uuid), 'system'))
        on conflict (cost_center_id) do update set client_id = excluded.client_id, body = excluded.body, asked_by = excluded.asked_by;
    end if;
  end loop;
end $$;

-- Waits whose client has a contact by now; of one client, or of all.
create or replace function public.sync_invoice_waits_ready(p_client_id uuid) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'costCenterId', w.cost_center_id, 'body', w.body, 'askedBy', w.asked_by) order by w.created_at), '[]')
  from invoice_waits w join clients l on l.id = w.client_id
  where l.xero_contact_id is not null and (p_client_id is null or w.client_id = p_client_id)
$$;

-- Clients whose contact is waited for and that contact-sync should be asked for once more, since the first wish may be lost: not those that a person
-- has to look at first. Each is named once per `p_again_ms`.
create or replace function public.sync_invoice_waits_overdue(p_again_ms bigint, p_limit int) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
  with overdue as (
    select w.id from invoice_waits w join clients l on l.id = w.client_id
    where l.xero_contact_id is null and w.asked_at <= now() - p_again_ms * interval '1 millisecond'
      and not exists (select from xero_failures f where f.entity = 'client' and f.entity_id = l.id::text and f.resolved_at is null)
      and not exists (select from xero_matches m where m.client_id = l.id and m.state = 'open')
    order by w.asked_at limit p_limit for update of w skip locked
  ), asked as (
    update invoice_waits w set asked_at = now() from overdue o where w.id = o.id returning w.client_id
  )
  select coalesce(jsonb_agg(distinct client_id), '[]') from asked
$$;

create or replace function public.sync_invoice_waits_drop(p_ids text) returns void
language sql security definer set search_path = public, pg_temp as $$
  delete from invoice_waits where id in (select jsonb_array_elements_text(p_ids::jsonb)::uuid)
$$;

-- ---------------------------------------------------------------- the note, the void

-- Takes the history note of an invoice to write it. Null: nothing to write. `tried`: it may be there already, so read the history first.
create or replace function public.sync_invoice_note_start(p_id uuid, p_lease_ms bigint) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  i invoices;
begin
  select * into i from invoices where id = p_id and state = 'issued' and note_text is not null and note_written_at is null for update;
  if not found then return null; end if;
  if i.wait_until > now() then return jsonb_build_object('busy', true); end if;
  update invoices set note_tried_at = now(), wait_until = now() + p_lease_ms * interval '1 millisecond' where id = p_id;
  return jsonb_build_object('busy', false, 'xeroInvoiceId', i.xero_invoice_id, 'text', i.note_text, 'tried', i.note_tried_at is not null);
end $$;

-- written: it is there. unsent: surely not, try again later. unsure: read the history before the next try. refused: for good, with Xero's words.
create or replace function public.sync_invoice_note_end(p_id uuid, p_how text, p_message text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  i invoices;
begin
  update invoices set
    note_written_at = case when p_how = 'written' then now() end,
    note_tried_at = case when p_how = 'unsent' then null else note_tried_at end,
    note_text = case when p_how = 'refused' then null else note_text end,
    wait_until = null
    where id = p_id and note_written_at is null returning * into i;
  if found and p_how = 'refused' then
    perform sync_invoice_fail(i, jsonb_build_object('code', 'AFO-420', 'message', p_message));
  end if;
end $$;

-- The invoice was voided or deleted in Xero: its timesheets are free again. `p_said`: the caller says so on the stream itself. Answers whether this call did it.
create or replace function public.sync_invoice_void(p_id uuid, p_xero_status text, p_by text, p_said boolean) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update invoices set state = 'voided', xero_status = p_xero_status, amount_due = 0, voided_at = now(), voided_by = p_by, updated_at = now(),
    changes = changes + 1, changes_said = case when p_said then changes + 1 else changes_said end
    where id = p_id and state = 'issued';
  if not found then return false; end if;
  update timesheets set invoiced = false, invoice_id = null where invoice_id = p_id;
  perform sync_failures_resolve('invoice', jsonb_build_array(p_id)::text, null);
  insert into audit_log (actor, action, target, details) values (p_by, 'invoice.voided', p_id::text, jsonb_build_object('xeroStatus', p_xero_status));
  return true;
end $$;

-- ---------------------------------------------------------------- go-live

-- Marks work as billed outside of this product (or, with p_elsewhere false, as not): these timesheets, or all of a cost centre (null: of every one) up to
-- a day. What is on an invoice of ours stays as it is. Answers how many changed.
create or replace function public.sync_timesheets_billed_elsewhere(p_ids text, p_cost_center_id uuid, p_up_to date, p_elsewhere boolean, p_by text) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  changed int;
begin
  if p_ids is null and p_up_to is null then perform sync_fail(400, 'too-much', 'Name the timesheets, or a day up to which all are meant'); end if;
  update timesheets set billed_elsewhere_at = case when p_elsewhere then now() end
    where not invoiced and invoice_id is null and (billed_elsewhere_at is null) = p_elsewhere
      and (p_ids is null or id in (select jsonb_array_elements_text(p_ids::jsonb)::uuid))
      and (p_cost_center_id is null or cost_center_id = p_cost_center_id)
      and (p_up_to is null or work_date <= p_up_to);
  get diagnostics changed = row_count;
  insert into audit_log (actor, action, target, details) values (p_by, 'timesheets.billed-elsewhere', p_cost_center_id::text,
    jsonb_build_object('elsewhere', p_elsewhere, 'upTo', p_up_to, 'timesheets', changed));
  return changed;
end $$;

-- ---------------------------------------------------------------- reference data

create or replace function public.sync_reference_read(p_names text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_object_agg(name, jsonb_build_object('value', value, 'ageMs', floor(extract(epoch from now() - fetched_at) * 1000)::bigint)), '{}')
  from xero_reference where name in (select jsonb_array_elements_text(p_names::jsonb))
$$;

create or replace function public.sync_reference_write(p_name text, p_value text) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into xero_reference (name, value) values (p_name, p_value::jsonb)
  on conflict (name) do update set value = excluded.value, fetched_at = now()
$$;

select public.sync_lock_down();
