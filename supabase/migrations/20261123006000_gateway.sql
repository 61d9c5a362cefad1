-- The gateway's functions: idempotency keys, and what the console's lists show.

-- ---------------------------------------------------------------- idempotency keys

-- `execution` names what a key stands for: every try under the key works on the same command. `lease_until` is when a twin counts as dead.
alter table public.idempotency_keys
  add column if not exists execution uuid not null default gen_random_uuid(),
  add column if not exists lease_until timestamptz;
create index if not exists idempotency_keys_started_idx on public.idempotency_keys (started_at);

create or replace function public.sync_idempotency_begin(p_asked_by text, p_key text, p_fingerprint text, p_lease_ms bigint, p_kept_ms bigint) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  k public.idempotency_keys;
  kept interval := p_kept_ms * interval '1 millisecond';
begin
  delete from idempotency_keys where (asked_by, key) in (
    select asked_by, key from idempotency_keys where started_at < now() - kept and (lease_until is null or lease_until < now())
    order by started_at limit 100 for update skip locked);
  insert into idempotency_keys (asked_by, key, fingerprint) values (p_asked_by, p_key, p_fingerprint) on conflict do nothing;
  select * into k from idempotency_keys where asked_by = p_asked_by and key = p_key for update;
  if k.fingerprint <> p_fingerprint then return jsonb_build_object('state', 'other'); end if;
  if k.status is not null then return jsonb_build_object('state', 'ended', 'status', k.status, 'answer', k.answer); end if;
  if k.lease_until > now() then return jsonb_build_object('state', 'running'); end if;
  update idempotency_keys set lease_until = now() + p_lease_ms * interval '1 millisecond' where asked_by = p_asked_by and key = p_key;
  return jsonb_build_object('state', 'go', 'execution', k.execution);
end $$;

create or replace function public.sync_idempotency_end(p_asked_by text, p_key text, p_execution uuid, p_status int, p_answer text) returns void
language sql security definer set search_path = public, pg_temp as $$
  update idempotency_keys set status = p_status, answer = p_answer::jsonb, lease_until = null
  where asked_by = p_asked_by and key = p_key and execution = p_execution and status is null
$$;

-- The request failed: the next try under the key goes at once.
create or replace function public.sync_idempotency_release(p_asked_by text, p_key text, p_execution uuid) returns void
language sql security definer set search_path = public, pg_temp as $$
  update idempotency_keys set lease_until = null where asked_by = p_asked_by and key = p_key and execution = p_execution and status is null
$$;

-- ---------------------------------------------------------------- commands

create or replace function public.sync_command_read(p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  c public.commands;
begin
  select * into c from commands where id = p_id;
  if not found then perform sync_fail(404, 'not-found', 'There is no such command'); end if;
  return sync_command_json(c);
end $$;

-- A queued command ends here and now; a running one is told to end between two batches.
create or replace function public.sync_command_cancel(p_id uuid) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  c public.commands;
begin
  select * into c from commands where id = p_id for update;
  if not found then perform sync_fail(404, 'not-found', 'There is no such command'); end if;
  if c.state in ('done', 'failed') then perform sync_fail(409, 'command-ended', 'The command has ended already'); end if;
  if c.state <> 'cancelled' then
    update commands set cancel_requested_at = coalesce(cancel_requested_at, now()) where id = p_id;
    if c.state = 'queued' then perform sync_command_finish(p_id, 'cancelled', null, null); end if;
  end if;
  return sync_command_read(p_id);
end $$;

create or replace function public.sync_cost_centre_known(p_id uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from cost_centers where id = p_id)
$$;

create or replace function public.sync_selected_tenant() returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select tenant_id from xero_tokens where selected and disconnected_at is null
$$;

-- ---------------------------------------------------------------- webhooks

-- Notices that say something new: of the organisation we are connected to, not heard before, and newer than what we have read of the thing. Our own
-- writes come back as notices too, and cost no call.
create or replace function public.sync_webhook_new(p_events text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(e), '[]') from jsonb_array_elements(p_events::jsonb) e
  where e ->> 'tenantId' = sync_selected_tenant() and not exists (
    select from webhook_events w where w.tenant_id = e ->> 'tenantId' and w.category = e ->> 'category' and w.resource_id = e ->> 'resourceId'
      and w.event_type = e ->> 'eventType' and w.event_at = (e ->> 'eventAt')::timestamptz)
    and not exists (select from xero_contacts c where e ->> 'category' = 'CONTACT' and c.contact_id::text = e ->> 'resourceId'
      and c.updated_at >= (e ->> 'eventAt')::timestamptz)
    and not exists (select from invoices i where e ->> 'category' = 'INVOICE' and i.xero_invoice_id = e ->> 'resourceId'
      and i.xero_updated_at >= (e ->> 'eventAt')::timestamptz)
$$;

create or replace function public.sync_webhook_seen(p_events text) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into webhook_events (tenant_id, category, resource_id, event_type, event_at)
  select e ->> 'tenantId', e ->> 'category', e ->> 'resourceId', e ->> 'eventType', (e ->> 'eventAt')::timestamptz
  from jsonb_array_elements(p_events::jsonb) e on conflict do nothing
$$;

-- ---------------------------------------------------------------- lists

-- One page of a list by keyset. `p_rows` is a query of a function of ours, never a caller's text: it yields id (text), item (jsonb) and the columns
-- to sort by (none of them null), and may read $1 (an ilike pattern, or null) and $2 (the query with its filters). `p_sorts` maps each sort to its
-- type; the cursor is the last row's place. Runs with its caller's rights and is nobody's to call directly.
create or replace function public.list_page(p_rows text, p_sorts jsonb, p_default text, p_query text) returns jsonb
language plpgsql stable set search_path = public, pg_temp as $$
declare
  q jsonb := p_query::jsonb;
  sort text := coalesce(q ->> 'sort', p_default);
  col text := ltrim(sort, '-');
  dir text := case when sort like '-%' then 'desc' else 'asc' end;
  most int := coalesce((q ->> 'limit')::int, 50);
  pattern text := '%' || replace(replace(replace(q ->> 'q', '\', '\\'), '%', '\%'), '_', '\_') || '%';
  after jsonb;
  total int;
  found jsonb;
begin
  if not p_sorts ? col then perform sync_fail(400, 'invalid', 'This list is not sorted by ' || col); end if;
  if q ->> 'cursor' is not null then
    begin
      after := convert_from(decode(q ->> 'cursor', 'hex'), 'utf8')::jsonb;
    exception when others then
      after := '[]';
    end;
    if after ->> 0 is distinct from sort then perform sync_fail(400, 'invalid-cursor', 'The cursor belongs to another list or sort'); end if;
  end if;
  execute format('select count(*) from (%s) r', p_rows) into total using pattern, q;
  -- Sorted and cut first: only the page's own items are built.
  execute format(
    'select coalesce(jsonb_agg(jsonb_build_object(''item'', item, ''place'', jsonb_build_array($5, at, id))), ''[]'') from (
       select item, %1$I::text as at, id from (%3$s) r
       where $3 is null or (%1$I, id) %4$s (($3 ->> 1)::%5$s, $3 ->> 2)
       order by %1$I %2$s, id %2$s limit $4) p',
    col, dir, p_rows, case dir when 'desc' then '<' else '>' end, p_sorts ->> col)
    into found using pattern, q, after, most + 1, sort;
  return jsonb_build_object(
    'items', coalesce((select jsonb_agg(f -> 'item' order by n) from jsonb_array_elements(found) with ordinality x (f, n) where n <= most), '[]'),
    'nextCursor', case when jsonb_array_length(found) > most then encode(convert_to((found -> (most - 1) -> 'place')::text, 'utf8'), 'hex') end,
    'total', total);
end $$;
revoke all on function public.list_page(text, jsonb, text, text) from public, anon, authenticated, service_role;

create or replace function public.sync_list_commands(p_query text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select list_page($q$
    select id::text, sync_command_json(c) as item, created_at as "createdAt" from commands c
    where ($2 ->> 'state' is null or state = $2 ->> 'state') and ($2 ->> 'name' is null or name = $2 ->> 'name')
      and ($1 is null or name ilike $1 or asked_by ilike $1)
  $q$, '{"createdAt": "timestamptz"}', '-createdAt', p_query)
$$;

create or replace function public.sync_view_run(l public.xero_sync_log) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('id', l.id::text, 'commandId', l.command_id, 'job', l.job, 'triggeredBy', l.triggered_by, 'status', l.status,
    'counts', l.counts, 'message', l.message, 'startedAt', l.started_at, 'finishedAt', l.finished_at)
$$;

create or replace function public.sync_list_log(p_query text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select list_page($q$
    select lpad(id::text, 19, '0') as id, sync_view_run(l) as item, started_at as "startedAt" from xero_sync_log l
    where ($2 ->> 'job' is null or job = $2 ->> 'job') and ($2 ->> 'status' is null or status = $2 ->> 'status')
      and ($1 is null or job ilike $1 or message ilike $1)
  $q$, '{"startedAt": "timestamptz"}', '-startedAt', p_query)
$$;

create or replace function public.sync_view_failure(f public.xero_failures) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('id', f.id, 'entity', f.entity, 'entityId', f.entity_id, 'code', f.code, 'message', f.message, 'details', f.details,
    'clientId', f.client_id, 'clientName', (select name from clients where id = f.client_id), 'money', f.money::text, 'commandId', f.command_id,
    'count', f.count, 'firstSeenAt', f.first_seen_at, 'lastSeenAt', f.last_seen_at,
    'state', case when f.resolved_at is null then 'open' else f.resolution end,
    'resolvedAt', f.resolved_at, 'resolvedBy', f.resolved_by, 'resolvedReason', f.resolved_reason)
$$;

create or replace function public.sync_list_failures(p_query text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select list_page($q$
    select id::text, sync_view_failure(f) as item, last_seen_at as "lastSeenAt", first_seen_at as "firstSeenAt", coalesce(money, 0) as money, code
    from xero_failures f
    where coalesce($2 ->> 'state', 'open') = case when resolved_at is null then 'open' else resolution end
      and ($2 ->> 'entity' is null or entity = $2 ->> 'entity') and ($2 ->> 'code' is null or code = $2 ->> 'code')
      and ($2 ->> 'clientId' is null or client_id = ($2 ->> 'clientId')::uuid)
      and ($1 is null or message ilike $1 or code ilike $1 or entity_id ilike $1 or exists (select from clients where id = f.client_id and name ilike $1))
  $q$, '{"lastSeenAt": "timestamptz", "firstSeenAt": "timestamptz", "money": "numeric", "code": "text"}', '-lastSeenAt', p_query)
$$;

-- Closes open failures that a person has decided to leave. Seen again, they open anew.
create or replace function public.sync_failures_dismiss(p_ids text, p_by text, p_reason text) returns int
language sql security definer set search_path = public, pg_temp as $$
  with closed as (
    update xero_failures set resolved_at = now(), resolution = 'dismissed', resolved_by = p_by, resolved_reason = p_reason
    where resolved_at is null and id in (select x::uuid from jsonb_array_elements_text(p_ids::jsonb) x)
    returning 1
  )
  select count(*)::int from closed
$$;

create or replace function public.sync_list_audit(p_query text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select list_page($q$
    select lpad(id::text, 19, '0') as id, at, jsonb_build_object('id', id::text, 'at', at, 'actor', actor, 'action', action, 'target', target,
      'address', address, 'requestId', request_id, 'details', details) as item
    from audit_log
    where ($2 ->> 'actor' is null or actor = $2 ->> 'actor') and ($2 ->> 'action' is null or action = $2 ->> 'action')
      and ($1 is null or actor ilike $1 or action ilike $1 or target ilike $1)
  $q$, '{"at": "timestamptz"}', '-at', p_query)
$$;

create or replace function public.sync_list_clients(p_query text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select list_page($q$
    with failed as (
      select distinct entity_id from xero_failures where resolved_at is null and entity = 'client'
    ), asked as (
      select client_id from xero_matches where state = 'open' union select client_id from xero_conflicts where state = 'open'
    ), linked as (
      select c.*, case when f.entity_id is not null then 'failed' when a.client_id is not null then 'question'
        when c.xero_contact_id is null or c.xero_synced_revision is distinct from c.revision then 'waiting' else 'linked' end as link
      from clients c left join failed f on f.entity_id = c.id::text left join asked a on a.client_id = c.id
    )
    select id::text, lower(name) as name, created_at as "createdAt", coalesce(xero_synced_at, '-infinity') as "syncedAt",
      jsonb_build_object('id', id, 'name', name, 'firstName', first_name, 'lastName', last_name, 'email', email, 'phone', phone, 'mobile', mobile,
        'city', city, 'country', country, 'taxNumber', tax_number, 'accountNumber', account_number, 'archived', archived_at is not null,
        'xeroContactId', xero_contact_id, 'xeroContactStatus', xero_contact_status, 'syncedAt', xero_synced_at, 'link', link) as item
    from linked
    where ($2 ->> 'archived' is null or (archived_at is not null) = ($2 ->> 'archived')::boolean)
      and ($2 ->> 'link' is null or link = $2 ->> 'link')
      and ($1 is null or name ilike $1 or email ilike $1 or account_number ilike $1)
  $q$, '{"name": "text", "createdAt": "timestamptz", "syncedAt": "timestamptz"}', 'name', p_query)
$$;

create or replace function public.sync_list_items(p_query text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select list_page($q$
    select id::text, lower(name) as name, lower(coalesce(xero_item_code, '')) as code,
      jsonb_build_object('id', id, 'name', name, 'description', description, 'defaultRate', trim_scale(default_rate)::text,
        'accountCode', account_code, 'taxType', tax_type, 'xeroItemId', xero_item_id, 'xeroItemCode', xero_item_code,
        'managedByXero', managed_by_xero, 'missingInXeroAt', missing_in_xero_at) as item
    from activity_types
    where ($2 ->> 'managedByXero' is null or managed_by_xero = ($2 ->> 'managedByXero')::boolean)
      and ($2 ->> 'missing' is null or (missing_in_xero_at is not null) = ($2 ->> 'missing')::boolean)
      and ($1 is null or name ilike $1 or xero_item_code ilike $1 or description ilike $1)
  $q$, '{"name": "text", "code": "text"}', 'name', p_query)
$$;

-- "PROJECT001 - Labor", as invoices name it.
create or replace function public.sync_view_cost_centre_name(p_id uuid) returns text
language sql stable set search_path = public, pg_temp as $$
  select coalesce(nullif(p.code, '') || ' - ', '') || cc.name from cost_centers cc left join projects p on p.id = cc.project_id where cc.id = p_id
$$;

create or replace function public.sync_view_timesheet(t public.timesheets) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('id', t.id, 'costCenterId', t.cost_center_id, 'costCentre', coalesce(sync_view_cost_centre_name(t.cost_center_id), ''),
    'activity', a.name, 'worker', t.worker_name, 'date', t.work_date, 'hours', trim_scale(t.hours)::text,
    'rate', trim_scale(coalesce(t.rate, a.default_rate))::text, 'status', t.status, 'approvedBy', t.approved_by, 'approvedAt', t.approved_at,
    'invoiced', t.invoiced, 'invoiceId', t.invoice_id, 'invoiceNumber', (select number from invoices where id = t.invoice_id))
  from (select 1) one left join activity_types a on a.id = t.activity_type_id
$$;

create or replace function public.sync_list_timesheets(p_query text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select list_page($q$
    select id::text, coalesce(work_date, '-infinity'::date) as date, lower(worker_name) as worker, sync_view_timesheet(t) as item
    from timesheets t
    where ($2 ->> 'costCenterId' is null or cost_center_id = ($2 ->> 'costCenterId')::uuid)
      and ($2 ->> 'invoiceId' is null or invoice_id = ($2 ->> 'invoiceId')::uuid)
      and ($2 ->> 'status' is null or status = $2 ->> 'status')
      and ($2 ->> 'billable' is null or ($2 ->> 'billable')::boolean =
        (status = 'approved' and not invoiced and invoice_id is null and billed_elsewhere_at is null))
      and ($1 is null or worker_name ilike $1)
  $q$, '{"date": "date", "worker": "text"}', '-date', p_query)
$$;

create or replace function public.sync_list_cost_centres(p_query text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select list_page($q$
    with billable as (
      select t.cost_center_id, t.activity_type_id, coalesce(t.rate, a.default_rate) as rate, count(*) as n, sum(t.hours) as hours,
        min(t.work_date) as first, max(t.work_date) as last
      from timesheets t left join activity_types a on a.id = t.activity_type_id
      where t.status = 'approved' and not t.invoiced and t.invoice_id is null and t.billed_elsewhere_at is null
        and t.work_date >= coalesce((select (value::jsonb ->> 'billFrom')::date from app_settings where key = 'invoicing'), '-infinity')
      group by t.cost_center_id, t.activity_type_id, coalesce(t.rate, a.default_rate)
    ), unbilled as (
      -- Rounded by line, as the invoice is.
      select cost_center_id, sum(n) as n, sum(hours) as hours, sum(round(hours * rate, 2)) as money, sum(n) filter (where rate is null) as bare,
        min(first) as first, max(last) as last
      from billable group by cost_center_id
    )
    select cc.id::text, lower(coalesce(p.code, '') || ' ' || cc.name) as name, coalesce(u.money, 0) as money,
      jsonb_build_object('id', cc.id, 'name', cc.name, 'projectCode', p.code, 'projectName', p.name, 'clientId', c.id, 'clientName', c.name,
        'poNumber', cc.customer_po_number, 'poAmount', cc.po_amount::text, 'poExpiresOn', cc.po_expires_on,
        'unbilled', jsonb_build_object('timesheets', coalesce(u.n, 0), 'hours', trim_scale(coalesce(u.hours, 0))::text,
          'money', round(coalesce(u.money, 0), 2)::text, 'withoutRate', coalesce(u.bare, 0), 'from', u.first, 'to', u.last)) as item
    from cost_centers cc left join projects p on p.id = cc.project_id left join clients c on c.id = p.client_id
      left join unbilled u on u.cost_center_id = cc.id
    where ($2 ->> 'clientId' is null or p.client_id = ($2 ->> 'clientId')::uuid)
      and ($2 ->> 'ready' is null or (u.n is not null) = ($2 ->> 'ready')::boolean)
      and ($1 is null or cc.name ilike $1 or p.code ilike $1 or p.name ilike $1 or c.name ilike $1 or cc.customer_po_number ilike $1)
  $q$, '{"name": "text", "money": "numeric"}', 'name', p_query)
$$;

create or replace function public.sync_view_invoice(i public.invoices) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('id', i.id, 'number', i.number, 'reference', i.reference, 'state', i.state, 'costCenterId', i.cost_center_id,
    'costCentre', coalesce(sync_view_cost_centre_name(i.cost_center_id), ''), 'clientId', i.client_id,
    'clientName', (select name from clients where id = i.client_id), 'net', i.net::text, 'tax', i.tax::text, 'total', i.total::text,
    'currency', i.currency, 'issuedOn', i.issued_on, 'dueOn', i.due_on, 'xeroInvoiceId', i.xero_invoice_id, 'xeroStatus', i.xero_status,
    'paymentStatus', i.payment_status, 'amountDue', i.amount_due::text, 'amountPaid', i.amount_paid::text,
    'amountCredited', i.amount_credited::text, 'fullyPaidOn', i.fully_paid_on, 'createdAt', i.created_at)
$$;

create or replace function public.sync_list_invoices(p_query text) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  rows text := $q$
    select id::text, created_at as "createdAt", coalesce(number, '') as number, coalesce(due_on, '-infinity'::date) as "dueOn",
      coalesce(total, 0) as total, coalesce(amount_due, 0) as "amountDue", coalesce(amount_paid, 0) as "amountPaid", sync_view_invoice(i) as item
    from invoices i
    where ($2 ->> 'paymentStatus' is null or payment_status = $2 ->> 'paymentStatus') and ($2 ->> 'state' is null or state = $2 ->> 'state')
      and ($2 ->> 'clientId' is null or client_id = ($2 ->> 'clientId')::uuid)
      and ($2 ->> 'costCenterId' is null or cost_center_id = ($2 ->> 'costCenterId')::uuid)
      and ($1 is null or number ilike $1 or reference ilike $1 or exists (select from clients where id = i.client_id and name ilike $1))
  $q$;
  totals jsonb;
  q jsonb := p_query::jsonb;
begin
  execute format('select jsonb_build_object(''total'', coalesce(sum(total), 0)::text, ''amountDue'', coalesce(sum("amountDue"), 0)::text,
    ''amountPaid'', coalesce(sum("amountPaid"), 0)::text) from (%s) r', rows) into totals
    using '%' || replace(replace(replace(q ->> 'q', '\', '\\'), '%', '\%'), '_', '\_') || '%', q;
  return list_page(rows, '{"createdAt": "timestamptz", "number": "text", "dueOn": "date", "total": "numeric", "amountDue": "numeric"}', '-createdAt', p_query)
    || jsonb_build_object('totals', totals);
end $$;

create or replace function public.sync_invoice_detail(p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  i public.invoices;
begin
  select * into i from invoices where id = p_id;
  if not found then perform sync_fail(404, 'not-found', 'There is no such invoice'); end if;
  return sync_view_invoice(i) || jsonb_build_object('lines', coalesce(i.lines, '[]'), 'commandId', i.command_id, 'sentAt', i.sent_at,
    'noteWrittenAt', i.note_written_at,
    'timesheets', coalesce((select jsonb_agg(sync_view_timesheet(t) order by t.work_date, t.id) from timesheets t where t.invoice_id = p_id), '[]'));
end $$;

-- ---------------------------------------------------------------- status

create index if not exists xero_sync_log_job_idx on public.xero_sync_log (job, started_at desc);

create or replace function public.sync_status() returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  with names as (
    select name from sync_schedules union select distinct job from xero_sync_log
  ), jobs as (
    select n.name, s.next_tick,
      (select sync_view_run(l) from xero_sync_log l where l.job = n.name order by started_at desc limit 1) as last,
      (select finished_at from xero_sync_log l where l.job = n.name and status in ('success', 'partial') order by started_at desc limit 1) as succeeded
    from names n left join sync_schedules s on s.name = n.name
  )
  select jsonb_build_object(
    'synced_at', (select max(succeeded) from jobs),
    'next_sync', (select min(next_tick) from jobs where next_tick > now()),
    'jobs', coalesce((select jsonb_agg(jsonb_build_object('job', name, 'nextRunAt', next_tick, 'lastRun', last, 'lastSuccessAt', succeeded) order by name)
      from jobs), '[]'),
    'errors', coalesce((select jsonb_agg(sync_view_failure(f) order by f.last_seen_at desc) from (
      select * from xero_failures where resolved_at is null order by last_seen_at desc limit 20) f), '[]'),
    'openFailures', (select count(*) from xero_failures where resolved_at is null),
    'queued', (select count(*) from commands where state = 'queued'),
    'running', (select count(*) from commands where state = 'running'))
$$;

select public.sync_lock_down();
