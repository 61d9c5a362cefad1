-- Contact-sync, further: a webhook says when its contact changed, a moved link is told in the audit, a client fails for one reason at a time.

alter table public.xero_contact_wants add column if not exists changed_at timestamptz;

-- Contacts to be read, unless they were since the change was told of. `p_changed_at`: when Xero changed them, by id, where that is known.
drop function if exists public.sync_contacts_want(text, timestamptz);
create or replace function public.sync_contacts_want(p_contact_ids text, p_asked_at timestamptz, p_changed_at text) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into xero_contact_wants as k (contact_id, asked_at, changed_at)
  select w.id, p_asked_at, (p_changed_at::jsonb ->> w.id)::timestamptz from jsonb_array_elements_text(p_contact_ids::jsonb) as w (id)
  where not exists (select from xero_contacts x where x.contact_id = w.id and x.read_at >= p_asked_at)
  on conflict (contact_id) do update set asked_at = greatest(k.asked_at, excluded.asked_at),
    changed_at = case when k.changed_at is not null and excluded.changed_at is not null then greatest(k.changed_at, excluded.changed_at) end
$$;

-- Takes what waits to be read; each is given to one caller, and to another only when that one seems to have died. `at` is when that was. What is known as
-- it was at the change or later (our own writes come back as webhooks, before their answer is written down) needs no reading.
create or replace function public.sync_contacts_take_wants(p_limit int, p_lease_ms bigint) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
  with known as (
    delete from xero_contact_wants w using xero_contacts x
    where x.contact_id = w.contact_id and x.updated_at >= w.changed_at and (w.taken_at is null or w.asked_at > w.taken_at)
  ), taken as (
    update xero_contact_wants set taken_at = clock_timestamp() where contact_id in (
      select w.contact_id from xero_contact_wants w left join xero_contacts x on x.contact_id = w.contact_id and x.updated_at >= w.changed_at
      where x.contact_id is null and (taken_at is null or asked_at > taken_at or taken_at < clock_timestamp() - p_lease_ms * interval '1 millisecond')
      order by asked_at limit p_limit for update of w skip locked)
    returning contact_id, taken_at
  )
  select jsonb_build_object('contactIds', coalesce(jsonb_agg(contact_id), '[]'), 'at', coalesce(min(taken_at), clock_timestamp())) from taken
$$;

-- Links of merged contacts follow to where they were merged into, however often. Where another client has that one already, a person decides.
create or replace function public.sync_contacts_follow_merges() returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  m record;
  relinked jsonb := '[]';
  asked jsonb := '[]';
begin
  for m in
    with recursive chain as (
      select c.id as client_id, x.contact_id as origin, x.merged_to as target, 1 as hops
      from xero_contacts x join clients c on c.xero_contact_id = x.contact_id where x.merged_to is not null
      union all
      select client_id, origin, x.merged_to, hops + 1 from chain join xero_contacts x on x.contact_id = chain.target
      where x.merged_to is not null and hops < 20
    )
    select distinct on (client_id) client_id, origin, target, sync_contact_json(t) as contact, o.id as holder
    from chain join xero_contacts t on t.contact_id = target left join clients o on o.xero_contact_id = target
    order by client_id, hops desc
  loop
    if m.holder is null and not exists (select from clients where xero_contact_id = m.target) then
      update clients set xero_contact_id = m.target, xero_failed_revision = null where id = m.client_id;
      update xero_contacts set merged_version = null where contact_id = m.target;
      delete from xero_matches where client_id = m.client_id;
      insert into audit_log (actor, action, target, details) values ('xero', 'contact.merged', m.client_id::text,
        jsonb_build_object('from', m.origin, 'into', m.target, 'name', m.contact #>> '{fields,name}'));
      relinked := relinked || jsonb_build_object('clientId', m.client_id, 'from', m.origin, 'contactId', m.target);
    else
      insert into xero_matches (client_id, reason, candidates) values (m.client_id, 'merged', jsonb_build_array(m.contact || jsonb_build_object(
        'by', jsonb_build_array('merge'), 'linkedTo', m.holder, 'contested', false)))
      on conflict (client_id) do nothing;
      if found then asked := asked || to_jsonb(m.client_id); end if;
    end if;
  end loop;
  return jsonb_build_object('relinked', relinked, 'asked', asked);
end $$;

-- Keeps the outcomes of an exchange. Each: clientId, revision (as read), contactId, contact (as Xero answered a write, or null), version (of the contact as
-- read), agreed (fields that both sides have), take (fields for our side, applied only if nobody edited the client since), conflicts,
-- clientSettled and contactSettled (nothing of that side waits any more), failure (or null).
create or replace function public.sync_contacts_settle(p_outcomes text, p_command_id uuid default null) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  o jsonb;
  c public.clients;
  x public.xero_contacts;
  fresh boolean;
  taken_over jsonb;
  new_revision bigint;
  opened jsonb;
  stale jsonb := '[]';
  conflicted jsonb := '[]';
  failures jsonb := '[]';
  fine jsonb := '[]';
begin
  for o in select * from jsonb_array_elements(p_outcomes::jsonb) loop
    if jsonb_typeof(o -> 'contact') = 'object' then perform sync_contacts_see(jsonb_build_array(o -> 'contact')::text); end if;
    select * into x from xero_contacts where contact_id = o ->> 'contactId';
    select * into c from clients where id = (o ->> 'clientId')::uuid for update;
    if not found then
      update xero_contacts set orphaned_at = coalesce(orphaned_at, now()) where contact_id = x.contact_id;
      continue;
    end if;
    if x.contact_id is not null and exists (select from clients where xero_contact_id = x.contact_id and id <> c.id) then
      stale := stale || to_jsonb(c.id);
      continue;
    end if;

    fresh := c.revision = (o ->> 'revision')::bigint;
    taken_over := case when fresh then o -> 'take' else '{}' end;
    new_revision := case when taken_over <> '{}' then sync_client_set(c.id, taken_over) else (o ->> 'revision')::bigint end;
    if not fresh then stale := stale || to_jsonb(c.id); end if;

    update clients set
      xero_contact_id = coalesce(x.contact_id, xero_contact_id),
      xero_contact_status = coalesce(x.status, xero_contact_status),
      xero_payment_terms = case when x.contact_id is null then xero_payment_terms else x.payment_terms end,
      xero_snapshot = coalesce(xero_snapshot, '{}') || (o -> 'agreed') || taken_over,
      xero_synced_revision = case when (o ->> 'clientSettled')::boolean then new_revision else xero_synced_revision end,
      xero_failed_revision = case when jsonb_typeof(o -> 'failure') = 'object' then new_revision end,
      xero_synced_at = case when x.contact_id is null then xero_synced_at else clock_timestamp() end,
      xero_lease_owner = null, xero_lease_until = null
    where id = c.id;
    if (o ->> 'contactSettled')::boolean and (fresh or o -> 'take' = '{}') then
      update xero_contacts set merged_version = case when jsonb_typeof(o -> 'contact') = 'object' then version else (o ->> 'version')::bigint end
      where contact_id = x.contact_id;
    end if;

    if fresh then
      update xero_conflicts set state = 'gone', resolved_at = now()
      where client_id = c.id and state = 'open' and field not in (select e ->> 'field' from jsonb_array_elements(o -> 'conflicts') e);
      with asked as (
        insert into xero_conflicts as k (client_id, field, base, ours, theirs)
        select c.id, e ->> 'field', e ->> 'base', e ->> 'ours', e ->> 'theirs' from jsonb_array_elements(o -> 'conflicts') e
        on conflict (client_id, field) where state = 'open' do update set base = excluded.base, ours = excluded.ours, theirs = excluded.theirs
        where (k.base, k.ours, k.theirs) is distinct from (excluded.base, excluded.ours, excluded.theirs)
        returning field
      )
      select jsonb_agg(field) into opened from asked;
      if opened is not null then conflicted := conflicted || jsonb_build_object('clientId', c.id, 'fields', opened); end if;
    end if;

    if jsonb_typeof(o -> 'failure') = 'object' then
      -- It fails for one reason at a time: what it failed for before is over.
      update xero_failures set resolved_at = now(), resolution = 'fixed'
      where resolved_at is null and entity = 'client' and entity_id = c.id::text and code <> o #>> '{failure,code}';
      failures := failures || jsonb_build_array(o -> 'failure' || jsonb_build_object('entity', 'client', 'entityId', c.id, 'clientId', c.id, 'commandId', p_command_id));
    else
      fine := fine || to_jsonb(c.id);
    end if;
  end loop;
  perform sync_failures_record(failures::text);
  perform sync_failures_resolve('client', fine::text);
  return jsonb_build_object('stale', stale, 'conflicted', conflicted);
end $$;

select public.sync_lock_down();
