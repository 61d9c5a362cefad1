-- Failures close when their cause is gone: at once where a row of ours tells so, else by a plan made anew (invoicing's sweep), which the matching change asks for
-- and which comes by itself from time to time, for what only Xero knows.

alter table public.xero_failures
  -- Something changed that may have been the cause.
  add column if not exists recheck boolean not null default false,
  add column if not exists checked_at timestamptz not null default now();
create index if not exists xero_failures_billing_idx on public.xero_failures (checked_at)
  where resolved_at is null and entity in ('cost-centre', 'timesheet', 'invoice');

-- Marks open failures of billing: of one cost centre, or of all.
create or replace function public.sync_failures_recheck(p_cost_center_id uuid) returns void
language sql security definer set search_path = public, pg_temp as $$
  update xero_failures f set recheck = true
  where resolved_at is null and not recheck and entity in ('cost-centre', 'timesheet', 'invoice') and (p_cost_center_id is null
    or (entity = 'cost-centre' and entity_id = p_cost_center_id::text)
    or (entity = 'timesheet' and exists (select from timesheets t where t.id::text = f.entity_id and t.cost_center_id = p_cost_center_id))
    or (entity = 'invoice' and details ->> 'costCenterId' = p_cost_center_id::text))
$$;

create or replace function public.sync_recheck_one() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from xero_failures where resolved_at is null and entity in ('cost-centre', 'timesheet', 'invoice')) then
    perform sync_failures_recheck(case tg_table_name when 'cost_centers' then new.id else (to_jsonb(new) ->> 'cost_center_id')::uuid end);
  end if;
  return null;
end $$;

create or replace function public.sync_recheck_all() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform sync_failures_recheck(null);
  return null;
end $$;

drop trigger if exists sync_recheck on public.timesheets;
create trigger sync_recheck after update of status, hours, rate, work_date, activity_type_id, billed_elsewhere_at on public.timesheets
  for each row when (not new.invoiced) execute function public.sync_recheck_one();
drop trigger if exists sync_recheck on public.cost_centers;
create trigger sync_recheck after update on public.cost_centers for each row execute function public.sync_recheck_one();
drop trigger if exists sync_recheck on public.activity_types;
create trigger sync_recheck after update of default_rate, account_code, tax_type, xero_item_code, missing_in_xero_at on public.activity_types
  for each statement execute function public.sync_recheck_all();
drop trigger if exists sync_recheck on public.app_settings;
create trigger sync_recheck after insert or update on public.app_settings
  for each row when (new.key in ('invoicing', 'sync')) execute function public.sync_recheck_all();
drop trigger if exists sync_recheck on public.xero_reference;
create trigger sync_recheck after update on public.xero_reference
  for each row when (old.value is distinct from new.value) execute function public.sync_recheck_all();

-- Cost centres whose failures are to be looked at: marked, or not looked at for so long. Each is named to one caller.
create or replace function public.sync_failures_recheck_due(p_again_ms bigint, p_limit int) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
  with due as (
    select id from xero_failures
    where resolved_at is null and entity in ('cost-centre', 'timesheet', 'invoice') and (recheck or checked_at < now() - p_again_ms * interval '1 millisecond')
    order by checked_at limit p_limit for update skip locked
  ), taken as (
    update xero_failures f set recheck = false, checked_at = now() from due where f.id = due.id returning f.*
  )
  select coalesce(jsonb_agg(distinct c.id), '[]') from taken f
  join cost_centers c on c.id::text = case f.entity when 'cost-centre' then f.entity_id when 'invoice' then f.details ->> 'costCenterId'
    else (select t.cost_center_id::text from timesheets t where t.id::text = f.entity_id) end
$$;

-- What still stands by a new plan. Each: costCenterId, codes (that hold it), leftOut [{id, code}] (timesheets). What no longer stands closes. A refused
-- invoice's lock date counts as moved only where the organisation was read after the refusal. Answers how many were closed.
create or replace function public.sync_failures_rechecked(p_standing text) returns int
language sql security definer set search_path = public, pg_temp as $$
  with standing as (
    select s ->> 'costCenterId' as id, s -> 'codes' as codes, s -> 'leftOut' as left_out from jsonb_array_elements(p_standing::jsonb) s
  ), closed as (
    update xero_failures f set resolved_at = now(), resolution = 'fixed' from standing s
    where f.resolved_at is null and (
      (f.entity = 'cost-centre' and f.entity_id = s.id and not s.codes ? f.code)
      or (f.entity = 'timesheet' and exists (select from timesheets t where t.id::text = f.entity_id and t.cost_center_id::text = s.id)
        and not s.left_out @> jsonb_build_array(jsonb_build_object('id', f.entity_id, 'code', f.code)))
      or (f.entity = 'invoice' and f.code = 'AFO-410' and f.details ->> 'costCenterId' = s.id and not s.codes ? f.code
        and exists (select from xero_reference r where r.name = 'organisation' and r.fetched_at > f.last_seen_at)))
    returning 1
  )
  select count(*)::int from closed
$$;

-- The contact is active again; the client is gone.
create or replace function public.sync_client_cause_gone() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'DELETE' then
    update xero_failures set resolved_at = now(), resolution = 'fixed' where resolved_at is null and entity = 'client' and entity_id = old.id::text;
  elsif new.xero_contact_status = 'ACTIVE' and old.xero_contact_status is distinct from 'ACTIVE' then
    update xero_failures set resolved_at = now(), resolution = 'fixed' where resolved_at is null and client_id = new.id and code = 'AFO-402';
  end if;
  if tg_op = 'UPDATE' and new.xero_contact_id is distinct from old.xero_contact_id then
    update xero_failures set recheck = true where resolved_at is null and client_id = new.id and entity in ('cost-centre', 'timesheet', 'invoice');
  end if;
  return null;
end $$;
drop trigger if exists sync_client_cause_gone on public.clients;
create trigger sync_client_cause_gone after delete or update of xero_contact_status, xero_contact_id on public.clients
  for each row execute function public.sync_client_cause_gone();

create or replace function public.sync_row_gone() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update xero_failures set resolved_at = now(), resolution = 'fixed' where resolved_at is null and entity = tg_argv[0] and entity_id = old.id::text;
  if tg_argv[0] = 'timesheet' then
    update xero_failures set recheck = true where resolved_at is null and entity = 'cost-centre' and entity_id = old.cost_center_id::text;
  end if;
  return null;
end $$;
drop trigger if exists sync_row_gone on public.timesheets;
create trigger sync_row_gone after delete on public.timesheets for each row execute function public.sync_row_gone('timesheet');
drop trigger if exists sync_row_gone on public.cost_centers;
create trigger sync_row_gone after delete on public.cost_centers for each row execute function public.sync_row_gone('cost-centre');

-- Xero has shown the invoice, so it isn't gone.
create or replace function public.sync_invoice_seen() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update xero_failures set resolved_at = now(), resolution = 'fixed'
    where resolved_at is null and entity = 'invoice' and entity_id = new.id::text and code = 'AFO-501';
  return null;
end $$;
drop trigger if exists sync_invoice_seen on public.invoices;
create trigger sync_invoice_seen after update of payment_checked_at on public.invoices
  for each row when (old.payment_checked_at is distinct from new.payment_checked_at) execute function public.sync_invoice_seen();

-- ---------------------------------------------------------------- runs

-- A run that failed is one line under its job's name, with the catalogue's code that its problem names; the next one that works closes it.
create or replace function public.sync_run_ended() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  c public.commands;
begin
  if new.status = 'failed' then
    select * into c from commands where id = new.command_id;
    perform sync_failures_record(jsonb_build_array(jsonb_build_object('entity', 'command', 'entityId', new.job, 'code', coalesce(c.problem ->> 'failure', 'AFO-604'),
      'message', coalesce(new.message, 'No reason was given'), 'details', jsonb_build_object('askedBy', c.asked_by), 'commandId', new.command_id))::text);
  else
    perform sync_failures_resolve('command', jsonb_build_array(new.job)::text);
  end if;
  return null;
end $$;
drop trigger if exists sync_run_ended on public.xero_sync_log;
create trigger sync_run_ended after update of status on public.xero_sync_log
  for each row when (old.status = 'running' and new.status in ('failed', 'success', 'partial')) execute function public.sync_run_ended();

select public.sync_lock_down();
