-- What a person decided or switched off stays so: an invoice that was given up is no failure any more, and nothing is sent while invoicing is switched off.

-- The admin's choice, on unless it says otherwise.
create or replace function public.sync_invoicing_on() returns boolean
language sql stable set search_path = public, pg_temp as $$
  select coalesce((select (value::jsonb ->> 'invoices')::boolean from app_settings where key = 'sync'), true)
$$;

-- Given up (`givenUpBy`, the command of whoever asked) is told in the audit alone: there is nothing left to look at. Hours that are free again differ from
-- nothing (AFO-423).
create or replace function public.sync_invoice_refuse(i public.invoices, o jsonb) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  update invoices set state = 'refused', number_spent = o ->> 'spent', wait_until = null, asked_at = null, updated_at = now() where id = i.id;
  update timesheets set invoice_id = null where invoice_id = i.id and not invoiced;
  if o ? 'givenUpBy' then
    perform sync_failures_resolve('invoice', jsonb_build_array(i.id)::text, null);
    insert into audit_log (actor, action, target, details) values (
      coalesce((select asked_by from commands where id = (o ->> 'givenUpBy')::uuid), 'system'), 'invoice.given-up', i.id::text,
      jsonb_build_object('number', i.number, 'why', o ->> 'message'));
    return;
  end if;
  perform sync_failures_resolve('invoice', jsonb_build_array(i.id)::text, '["AFO-415", "AFO-416", "AFO-423"]');
  perform sync_invoice_fail(i, o);
end $$;

-- As before; what is claimed and was never sent is left alone while invoicing is switched off, and found again once it is on.
create or replace function public.sync_invoices_stale(p_again_ms bigint, p_note_again_ms bigint, p_limit int) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
  with stale as (
    select id from invoices
    where (state in ('claimed', 'sending', 'unknown') or (state = 'issued' and note_text is not null and note_written_at is null))
      and (state <> 'claimed' or sync_invoicing_on())
      and coalesce(wait_until, '-infinity') <= now()
      and coalesce(asked_at, updated_at) <= now() - case state when 'issued' then p_note_again_ms else p_again_ms end * interval '1 millisecond'
    order by number limit p_limit for update skip locked
  ), asked as (
    update invoices i set asked_at = now() from stale where i.id = stale.id returning i.id
  )
  select coalesce(jsonb_agg(id), '[]') from asked
$$;

-- Why a number is not in Xero, where it isn't.
create or replace function public.sync_invoice_gap(i public.invoices) returns text
language sql stable set search_path = public, pg_temp as $$
  select case
    when i.state = 'claimed' and not sync_invoicing_on() then 'Waits: invoicing is switched off in the settings'
    when i.state in ('claimed', 'sending') then 'On its way to Xero'
    when i.state = 'unknown' then 'The answer was lost; it is being looked up'
    when i.state = 'refused' and i.number_spent is null then 'Refused; kept for the next invoice of this cost centre'
    when i.state = 'refused' then 'Refused; ' || i.number_spent
    when i.state = 'voided' then initcap(coalesce(i.xero_status, 'voided')) || ' on ' || to_char(i.voided_at, 'YYYY-MM-DD')
      || case when i.voided_by = 'xero' then ' in Xero' else ' by ' || coalesce(i.voided_by, 'somebody') end
  end
$$;

select public.sync_lock_down();
