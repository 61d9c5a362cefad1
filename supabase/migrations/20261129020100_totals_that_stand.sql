-- The sums above the list of invoices are of what was billed: one that was voided or refused bills nobody. Repeats are known for as long as the setting says.

create or replace function public.sync_list_invoices(p_query text) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  rows text := $q$
    select id::text, created_at as "createdAt", coalesce(number, '') as number, coalesce(due_on, '-infinity'::date) as "dueOn",
      coalesce(total, 0) as total, coalesce(amount_due, 0) as "amountDue", coalesce(amount_paid, 0) as "amountPaid",
      state not in ('refused', 'voided') as stands, sync_view_invoice(i) as item
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
    ''amountPaid'', coalesce(sum("amountPaid"), 0)::text) from (%s) r where stands', rows) into totals
    using '%' || replace(replace(replace(q ->> 'q', '\', '\\'), '%', '\%'), '_', '\_') || '%', q;
  return list_page(rows, '{"createdAt": "timestamptz", "number": "text", "dueOn": "date", "total": "numeric", "amountDue": "numeric"}', '-createdAt', p_query)
    || jsonb_build_object('totals', totals);
end $$;

create or replace function public.sync_idempotency_begin(p_asked_by text, p_key text, p_fingerprint text, p_lease_ms bigint, p_kept_ms bigint) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  k public.idempotency_keys;
  days int := (select (value::jsonb ->> 'idempotencyKeys')::int from app_settings where key = 'retention');
  kept interval := greatest(p_kept_ms * interval '1 millisecond', make_interval(days => coalesce(days, 0)));
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

select public.sync_lock_down();
