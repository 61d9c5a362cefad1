-- The first billable day is reckoned once, not for every timesheet.
create or replace function public.sync_unbilled_money(p_zone text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  with since as materialized (
    select sync_bill_from((select (value::jsonb ->> 'billFrom')::date from app_settings where key = 'invoicing'), p_zone) as day
  ), lines as (
    select t.cost_center_id, coalesce(t.rate, a.default_rate) as rate, count(*) as n, sum(t.hours) as hours
    from timesheets t left join activity_types a on a.id = t.activity_type_id
    where t.status = 'approved' and not t.invoiced and t.invoice_id is null and t.billed_elsewhere_at is null and t.work_date >= (select day from since)
    group by t.cost_center_id, t.activity_type_id, coalesce(t.rate, a.default_rate)
  )
  select jsonb_build_object('costCentres', count(distinct cost_center_id), 'timesheets', coalesce(sum(n), 0), 'hours', trim_scale(coalesce(sum(hours), 0))::text,
    'money', round(coalesce(sum(round(hours * rate, 2)), 0), 2)::text, 'withoutRate', coalesce(sum(n) filter (where rate is null), 0))
  from lines
$$;

select public.sync_lock_down();
