-- What was sent and never answered is remembered: found in Xero later, it is our own word and no edit of somebody's, whatever our side says by then.
-- And what Xero answered to a batch is taken in at once: one by one, each looked through all clients, and a first sync of 10,000 waited for the database.

-- Fields as they went into a write whose answer isn't known.
alter table public.clients add column if not exists xero_sent jsonb;

create or replace function public.sync_clients_lease(p_clients text, p_owner text, p_ms bigint) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
  with taken as (
    update clients c set xero_lease_owner = p_owner, xero_lease_until = now() + p_ms * interval '1 millisecond',
      xero_sent = coalesce(c.xero_sent, '{}') || coalesce(a.send, '{}')
    from jsonb_to_recordset(p_clients::jsonb) as a ("clientId" uuid, revision bigint, "syncedAt" timestamptz, send jsonb)
    where c.id = a."clientId" and c.revision = a.revision and c.xero_synced_at is not distinct from a."syncedAt"
      and (c.xero_lease_until is null or c.xero_lease_until < now() or c.xero_lease_owner = p_owner)
    returning c.id
  )
  select coalesce(jsonb_agg(id), '[]') from taken
$$;

create or replace function public.sync_clients_linked(p_after uuid, p_limit int, p_push boolean, p_pull boolean, p_archive boolean,
  p_client_ids text default null, p_contact_ids text default null) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  with due as (
    select c.id, x.contact_id from clients c join xero_contacts x on x.contact_id = c.xero_contact_id
    where x.merged_to is null
      and ((p_push and c.xero_synced_revision is distinct from c.revision and (c.xero_failed_revision is distinct from c.revision or p_client_ids is not null))
        or (p_pull and x.merged_version is distinct from x.version)
        or (p_push and p_archive and c.archived_at is not null and x.status = 'ACTIVE' and c.xero_failed_revision is distinct from c.revision))
      and (p_after is null or c.id > p_after)
      and (p_client_ids is null or c.id in (select e::uuid from jsonb_array_elements_text(p_client_ids::jsonb) e))
      and (p_contact_ids is null or x.contact_id in (select jsonb_array_elements_text(p_contact_ids::jsonb)))
    order by c.id limit p_limit
  )
  select coalesce(jsonb_agg(jsonb_build_object(
      'clientId', c.id, 'revision', c.revision, 'syncedAt', c.xero_synced_at, 'changedAt', c.updated_at, 'ours', sync_client_fields(c),
      'base', coalesce(c.xero_snapshot, '{}')
        || coalesce((select jsonb_object_agg(s.key, s.value) from jsonb_each(c.xero_sent) s where s.value = x.fields -> s.key), '{}'),
      'contact', sync_contact_json(x),
      'number', case when x.contact_number is null and not exists (select from xero_contacts n where n.numbered_for = c.id) then c.id end,
      'version', x.version) order by c.id), '[]')
  from due join clients c on c.id = due.id join xero_contacts x on x.contact_id = due.contact_id
$$;

-- Keeps the outcomes of an exchange. Each: clientId, revision (as read), contactId, contact (as Xero answered a write, or null), version (of the contact as
-- read), agreed (fields that both sides have), take (fields for our side, applied only if nobody edited the client since), conflicts,
-- clientSettled and contactSettled (nothing of that side waits any more), failure (or null).
create or replace function public.sync_contacts_settle(p_outcomes text, p_command_id uuid default null) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  answered jsonb;
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
  select coalesce(jsonb_agg(e -> 'contact'), '[]') into answered from jsonb_array_elements(p_outcomes::jsonb) e
    where jsonb_typeof(e -> 'contact') = 'object';
  if answered <> '[]' then perform sync_contacts_see(answered::text); end if;
  for o in select * from jsonb_array_elements(p_outcomes::jsonb) loop
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
      xero_sent = null, xero_lease_owner = null, xero_lease_until = null
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
