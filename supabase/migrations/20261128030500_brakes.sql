-- What a person decided stays so: an invoice that was given up is no failure any more.

-- Given up (`givenUpBy`, the command of whoever asked) is told in the audit alone: there is nothing left to look at.
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
  perform sync_failures_resolve('invoice', jsonb_build_array(i.id)::text, '["AFO-415", "AFO-416"]');
  perform sync_invoice_fail(i, o);
end $$;

select public.sync_lock_down();
