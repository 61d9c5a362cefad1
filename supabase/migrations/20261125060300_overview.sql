-- The overview: all that Postgres knows of how things stand, in one function and so in one round trip.

create index if not exists invoices_unpaid_money_idx on public.invoices (payment_status) include (amount_due) where state = 'issued' and payment_status <> 'Paid';
create index if not exists timesheets_unbilled_money_idx on public.timesheets (cost_center_id, activity_type_id) include (work_date, hours, rate)
  where status = 'approved' and not invoiced and invoice_id is null and billed_elsewhere_at is null;
create index if not exists xero_failures_open_money_idx on public.xero_failures (entity, entity_id) include (money) where resolved_at is null;

-- Approved and not billed, of work that may be billed here; money rounded by line, as the invoice is.
create or replace function public.sync_unbilled_money(p_zone text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  with lines as (
    select t.cost_center_id, coalesce(t.rate, a.default_rate) as rate, count(*) as n, sum(t.hours) as hours
    from timesheets t left join activity_types a on a.id = t.activity_type_id
    where t.status = 'approved' and not t.invoiced and t.invoice_id is null and t.billed_elsewhere_at is null
      and t.work_date >= sync_bill_from((select (value::jsonb ->> 'billFrom')::date from app_settings where key = 'invoicing'), p_zone)
    group by t.cost_center_id, t.activity_type_id, coalesce(t.rate, a.default_rate)
  )
  select jsonb_build_object('costCentres', count(distinct cost_center_id), 'timesheets', coalesce(sum(n), 0), 'hours', trim_scale(coalesce(sum(hours), 0))::text,
    'money', round(coalesce(sum(round(hours * rate, 2)), 0), 2)::text, 'withoutRate', coalesce(sum(n) filter (where rate is null), 0))
  from lines
$$;

create or replace function public.sync_overview(p_zone text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'at', now(),
    'connection', (select jsonb_build_object('connected', disconnected_at is null, 'tenantId', tenant_id, 'tenantName', tenant_name,
        'disconnectedReason', disconnected_reason, 'refreshedAt', refreshed_at,
        'refreshedAgoMs', floor(extract(epoch from now() - refreshed_at) * 1000)::bigint) from xero_tokens where selected),
    'paused', sync_pauses_list(),
    'running', coalesce((select jsonb_agg(sync_command_json(c) order by c.created_at) from (
      select * from commands where state = 'running' order by created_at limit 20) c), '[]'),
    'queued', (select jsonb_build_object('count', count(*), 'oldest', min(created_at)) from commands where state = 'queued'),
    'jobs', coalesce((select jsonb_agg(jsonb_build_object('job', s.name, 'nextRunAt', s.next_tick, 'lastRun', sync_view_run(l)) order by s.next_tick)
      from sync_schedules s left join lateral (select x.* from commands c join xero_sync_log x on x.command_id = c.id
        where c.asked_by = 'schedule ' || s.name order by c.created_at desc limit 1) l on true), '[]'),
    'lastSuccessAt', (select max(finished_at) from xero_sync_log where status in ('success', 'partial')),
    'failures', (select jsonb_build_object('count', coalesce(sum(n), 0), 'money', coalesce(sum(money), 0)::text)
      from (select count(*) as n, max(money) as money from xero_failures where resolved_at is null group by entity, entity_id) f),
    'conflicts', (select count(*) from xero_conflicts where state = 'open'),
    'matches', (select count(*) from xero_matches where state = 'open'),
    'unbilled', sync_unbilled_money(p_zone),
    'unpaid', (select jsonb_build_object('count', count(*), 'money', coalesce(sum(amount_due), 0)::text)
      from invoices where state = 'issued' and payment_status <> 'Paid'),
    'overdue', (select jsonb_build_object('count', count(*), 'money', coalesce(sum(amount_due), 0)::text)
      from invoices where state = 'issued' and payment_status <> 'Paid' and payment_status = 'Overdue'))
$$;
create index if not exists commands_asked_idx on public.commands (asked_by, created_at desc);
create index if not exists xero_sync_log_done_idx on public.xero_sync_log (finished_at desc) where status in ('success', 'partial');
create index if not exists xero_conflicts_state_idx on public.xero_conflicts (id) where state = 'open';
create index if not exists xero_matches_state_idx on public.xero_matches (client_id) where state = 'open';

select public.sync_lock_down();
