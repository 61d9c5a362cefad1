-- Four races of contact-sync. While a write is on its way to Xero, another reader may see what a person types there, a question may open, a person may say
-- that the client is another contact, the organisation may change: none of it is lost to an answer that comes late. And a person's answer to a question of
-- linking is over once it has been carried out.

-- Takes clients for writing to Xero, as they were read: one that changed or was exchanged since, or that another process writes, is left out and planned
-- anew. So is one whose contact (`link`; null: it had none) is another one by now, or isn't any more as it was (`version`): somebody may have typed there
-- what the write would overwrite.
create or replace function public.sync_clients_lease(p_clients text, p_owner text, p_ms bigint) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
  with taken as (
    update clients c set xero_lease_owner = p_owner, xero_lease_until = now() + p_ms * interval '1 millisecond',
      xero_sent = coalesce(c.xero_sent, '{}') || coalesce(a.send, '{}')
    from jsonb_to_recordset(p_clients::jsonb) as a ("clientId" uuid, revision bigint, "syncedAt" timestamptz, link text, version bigint, send jsonb)
    where c.id = a."clientId" and c.revision = a.revision and c.xero_synced_at is not distinct from a."syncedAt"
      and (c.xero_lease_until is null or c.xero_lease_until < now() or c.xero_lease_owner = p_owner)
      and case when a.link is null then not exists (select from xero_contacts x where x.contact_id = c.xero_contact_id)
        else c.xero_contact_id = a.link and exists (select from xero_contacts x where x.contact_id = a.link and x.version = a.version) end
    returning c.id
  )
  select coalesce(jsonb_agg(id), '[]') from taken
$$;

-- `readAt`: a question that opened later is none that a plan made of this row knows of.
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
      'version', x.version, 'readAt', now()) order by c.id), '[]')
  from due join clients c on c.id = due.id join xero_contacts x on x.contact_id = due.contact_id
$$;

-- Keeps the outcomes of an exchange. Each: clientId, revision (as read), link (the contact it had as read, or null), readAt (when, or null for a new
-- contact), contactId, contact (as Xero answered a write, or null), version (of the contact as read), agreed (fields that both sides have), take (fields for
-- our side, applied only if nobody edited the client since), conflicts, clientSettled and contactSettled (nothing of that side waits any more), failure (or
-- null). `p_owner`: whose leases end with it; null from a service of the version before, which is taken for the leases' own.
drop function if exists public.sync_contacts_settle(text, uuid);
create or replace function public.sync_contacts_settle(p_outcomes text, p_owner text default null, p_command_id uuid default null) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  answered jsonb;
  o jsonb;
  c public.clients;
  x public.xero_contacts;
  link text;
  written boolean;
  lease_over boolean;
  fresh boolean;
  taken_over jsonb;
  new_revision bigint;
  opened jsonb;
  stale jsonb := '[]';
  conflicted jsonb := '[]';
  failures jsonb := '[]';
  fine jsonb := '[]';
  linked jsonb := '[]';
begin
  -- A write counts as long as its lease is the writer's. What the organisation before answers is no contact of this one.
  select coalesce(jsonb_agg(e -> 'contact'), '[]') into answered
    from jsonb_array_elements(p_outcomes::jsonb) e left join clients l on l.id = (e ->> 'clientId')::uuid
    where jsonb_typeof(e -> 'contact') = 'object' and (l.id is null or l.xero_lease_owner = coalesce(p_owner, l.xero_lease_owner));
  if answered <> '[]' then perform sync_contacts_see(answered::text); end if;
  for o in select * from jsonb_array_elements(p_outcomes::jsonb) loop
    select * into x from xero_contacts where contact_id = o ->> 'contactId';
    select * into c from clients where id = (o ->> 'clientId')::uuid for update;
    if not found then
      update xero_contacts set orphaned_at = coalesce(orphaned_at, now()) where contact_id = x.contact_id;
      continue;
    end if;
    written := jsonb_typeof(o -> 'contact') = 'object';
    lease_over := coalesce(c.xero_lease_owner = coalesce(p_owner, c.xero_lease_owner) or c.xero_lease_until < now(), true);
    link := (select contact_id from xero_contacts where contact_id = c.xero_contact_id);
    -- About a contact that isn't the client's any more (a person said so, it was merged, the organisation changed) it says nothing of the one it has now.
    if (link is distinct from (o ->> 'link') and link is distinct from (o ->> 'contactId'))
      or (written and c.xero_lease_owner is distinct from coalesce(p_owner, c.xero_lease_owner))
      or (x.contact_id is not null and exists (select from clients where xero_contact_id = x.contact_id and id <> c.id))
    then
      stale := stale || to_jsonb(c.id);
      update clients set xero_sent = null, xero_lease_owner = null, xero_lease_until = null where id = c.id and lease_over;
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
      -- Another process that writes it keeps its lease, and what it has sent stays known until it has its answer.
      xero_sent = case when lease_over then null else xero_sent end,
      xero_lease_owner = case when lease_over then null else xero_lease_owner end,
      xero_lease_until = case when lease_over then null else xero_lease_until end
    where id = c.id;
    if x.contact_id is not null and x.merged_to is null then linked := linked || to_jsonb(c.id); end if;
    if (o ->> 'contactSettled')::boolean and (fresh or o -> 'take' = '{}') then
      -- Where another reader has seen more than our answer says, that is still to be merged.
      update xero_contacts set merged_version = case when written then version else (o ->> 'version')::bigint end
      where contact_id = x.contact_id and (not written or (fields = o #> '{contact,fields}' and status = o #>> '{contact,status}'));
    end if;

    if fresh then
      -- A question that the plan didn't know of stays: a person is told what our write may have overwritten. While another process writes, nobody can say
      -- whether both sides agree by themselves or by that write.
      update xero_conflicts set state = 'gone', resolved_at = now()
      where client_id = c.id and state = 'open' and lease_over and (o ->> 'readAt' is null or opened_at < (o ->> 'readAt')::timestamptz)
        and field not in (select e ->> 'field' from jsonb_array_elements(o -> 'conflicts') e);
      with asked as (
        insert into xero_conflicts as k (client_id, field, base, ours, theirs)
        select c.id, e ->> 'field', e ->> 'base', e ->> 'ours', e ->> 'theirs' from jsonb_array_elements(o -> 'conflicts') e
        on conflict (client_id, field) where state = 'open' do update
          set base = excluded.base, ours = excluded.ours, theirs = excluded.theirs, opened_at = excluded.opened_at
        where (k.base, k.ours, k.theirs) is distinct from (excluded.base, excluded.ours, excluded.theirs)
          and (o ->> 'readAt' is null or k.opened_at < (o ->> 'readAt')::timestamptz)
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
  -- It has its contact: what a person once answered about candidates would only silence the next question.
  delete from xero_matches where client_id in (select e::uuid from jsonb_array_elements_text(linked) e);
  perform sync_failures_record(failures::text);
  perform sync_failures_resolve('client', fine::text);
  return jsonb_build_object('stale', stale, 'conflicted', conflicted);
end $$;

-- Settles conflicts by moving the base: with 'ours' the base becomes Xero's value, so that ours counts as the only change, and the other way round. Should
-- a side change once more before the exchange, that is a new question. Answers the clients too; the caller then pushes them.
create or replace function public.sync_conflicts_resolve(p_ids text, p_choice text, p_by text) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
  -- A write of ours that was on its way when the question opened has overwritten Xero's value: chosen, it becomes an edit of ours.
  select sync_client_set(c.id, jsonb_object_agg(k.field, k.theirs))
  from xero_conflicts k join clients c on c.id = k.client_id join xero_contacts x on x.contact_id = c.xero_contact_id
  where p_choice = 'xero' and k.state = 'open' and k.id in (select e::uuid from jsonb_array_elements_text(p_ids::jsonb) e)
    and x.fields ->> k.field is not distinct from k.ours and c.xero_snapshot ->> k.field is not distinct from k.ours
    and regexp_replace(btrim(sync_client_fields(c) ->> k.field), '\s+', ' ', 'g') is not distinct from k.ours
  group by c.id;
  with asked as (
    select distinct e::uuid as id from jsonb_array_elements_text(p_ids::jsonb) e
  ), settled as (
    update xero_conflicts k set state = 'resolved', choice = p_choice, resolved_at = now(), resolved_by = p_by
    where k.state = 'open' and p_choice in ('ours', 'xero') and k.id in (select id from asked)
    returning k.id, k.client_id, k.field, case p_choice when 'ours' then k.theirs else k.ours end as base
  ), moved as (
    update clients c set xero_snapshot = coalesce(c.xero_snapshot, '{}') || s.bases, xero_synced_revision = null, xero_failed_revision = null
    from (select client_id, jsonb_object_agg(field, base) as bases from settled group by client_id) s
    where c.id = s.client_id returning c.id, c.xero_contact_id
  ), marked as (
    update xero_contacts x set merged_version = null from moved m where x.contact_id = m.xero_contact_id
  )
  select jsonb_build_object(
    'ids', (select coalesce(jsonb_agg(id), '[]') from settled),
    'clientIds', (select coalesce(jsonb_agg(id), '[]') from moved),
    'refused', (select coalesce(jsonb_agg(case when k.id is null then sync_conflict_refusal(a.id, 'not-found', 'There is no such conflict')
        else sync_conflict_refusal(a.id, 'not-open', 'The conflict is not open any more') end), '[]')
      from asked a left join xero_conflicts k on k.id = a.id where a.id not in (select id from settled)))
$$;

-- Links of merged contacts follow to where they were merged into, however often. Where another client has that one already, a person decides, whatever was
-- answered about this client before.
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
      insert into xero_matches as k (client_id, reason, candidates) values (m.client_id, 'merged', jsonb_build_array(m.contact || jsonb_build_object(
        'by', jsonb_build_array('merge'), 'linkedTo', m.holder, 'contested', false)))
      on conflict (client_id) do update set reason = excluded.reason, candidates = excluded.candidates, state = 'open', opened_at = excluded.opened_at,
        answer = null, answered_at = null, answered_by = null
      where k.state = 'answered';
      if found then asked := asked || to_jsonb(m.client_id); end if;
    end if;
  end loop;
  return jsonb_build_object('relinked', relinked, 'asked', asked);
end $$;

-- Answers that stayed though their contact was made long ago.
delete from public.xero_matches m using public.clients c, public.xero_contacts x
where m.state = 'answered' and c.id = m.client_id and x.contact_id = c.xero_contact_id and x.merged_to is null;

select public.sync_lock_down();
