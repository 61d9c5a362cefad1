-- Our own writes come back as webhooks. Xero doesn't say whether a notice is dated like its contact's UpdatedDateUTC or when the request ended (a batch of
-- 50 takes a while), so one up to two seconds later still tells of what is known: a first sync of 10,000 read each of its own contacts again, twice as
-- many calls as its writes. A person's edit within these two seconds is found by the next reading of what changed.
create or replace function public.sync_contacts_take_wants(p_limit int, p_lease_ms bigint) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
  with known as (
    delete from xero_contact_wants w using xero_contacts x
    where x.contact_id = w.contact_id and x.updated_at >= w.changed_at - interval '2 seconds' and (w.taken_at is null or w.asked_at > w.taken_at)
    returning w.contact_id
  ), taken as (
    update xero_contact_wants set taken_at = clock_timestamp() where contact_id in (
      select w.contact_id from xero_contact_wants w
      where w.contact_id not in (select contact_id from known)
        and (taken_at is null or asked_at > taken_at or taken_at < clock_timestamp() - p_lease_ms * interval '1 millisecond')
      order by asked_at limit p_limit for update of w skip locked)
    returning contact_id, taken_at
  )
  select jsonb_build_object('contactIds', coalesce(jsonb_agg(contact_id), '[]'), 'at', coalesce(min(taken_at), clock_timestamp())) from taken
$$;
