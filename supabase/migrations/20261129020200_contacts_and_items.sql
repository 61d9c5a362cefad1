-- What stops at one row no longer stops the others, and what comes late is still taken in. A client that Xero refused is linked once its contact is there
-- (our own write that landed late, or a person's hand); a client that another goes before is not left waiting for it; a value that the application's own
-- table of clients refuses is one line in the failed inbox; a price list that was read of the organisation before is not stored; an item without a price
-- leaves the office's rate alone.

-- ---------------------------------------------------------------- linking

-- The next clients without a contact, each with the contacts that it may be. `earlier`: an unlinked client before it has the same name or e-mail; of clients
-- that are asked for, those before them come along. One that Xero refused comes only where there is a contact that it may be: it is linked or asked about
-- then, and what was refused is not written again.
create or replace function public.sync_clients_unlinked(p_after uuid, p_limit int, p_client_ids text default null) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  with recursive asked as (
    select c.id, c.xero_name_key as name_key, c.xero_email_key as email_key
    from jsonb_array_elements_text(p_client_ids::jsonb) e join clients c on c.id = e::uuid where sync_is_unlinked(c)
    union
    select r.id, r.xero_name_key, r.xero_email_key
    from asked a join clients r on (r.xero_name_key = a.name_key or r.xero_email_key = a.email_key) and r.id < a.id and sync_goes_first(r)
  ), page as materialized (
    (select id, name_key, email_key from asked where p_after is null or id > p_after order by id limit p_limit)
    union all
    (select c.id, c.xero_name_key, c.xero_email_key from clients c
    where p_client_ids is null and sync_is_unlinked(c)
      and (p_after is null or c.id > p_after)
      and (c.xero_failed_revision is distinct from c.revision
        or exists (select from xero_contacts x where x.numbered_for = c.id and x.merged_to is null and x.status <> 'GONE')
        or not exists (select from xero_matches m where m.client_id = c.id and m.state = 'answered')
          and (exists (select from xero_contacts x where x.email_key = c.xero_email_key and x.status = 'ACTIVE')
            or exists (select from xero_contacts x where x.name_key = c.xero_name_key and x.status = 'ACTIVE')))
    order by c.id limit p_limit)
  ), shared as (
    select p.id, x.contact_id, 'number' as what from page p join xero_contacts x on x.numbered_for = p.id and x.merged_to is null and x.status <> 'GONE'
    union all
    select p.id, x.contact_id, 'email' from page p join xero_contacts x on x.email_key = p.email_key and x.status = 'ACTIVE'
    union all
    select p.id, x.contact_id, 'name' from page p join xero_contacts x on x.name_key = p.name_key and x.status = 'ACTIVE'
  ), candidates as materialized (
    select f.id, jsonb_agg(sync_contact_json(x) || jsonb_build_object('by', f.by,
      'linkedTo', coalesce(
        (select l.id from clients l where l.xero_contact_id = x.contact_id and l.id <> f.id),
        (select l.id from clients l where l.id = x.numbered_for and l.id <> f.id)),
      'contested', exists (select from clients r where r.xero_name_key = x.name_key and r.id <> f.id and sync_is_unlinked(r))
        or exists (select from clients r where r.xero_email_key = x.email_key and r.id <> f.id and sync_is_unlinked(r))) order by x.contact_id) as list
    from (select id, contact_id, jsonb_agg(what order by what) as by from shared group by id, contact_id) f
    join xero_contacts x on x.contact_id = f.contact_id
    group by f.id
  )
  select coalesce(jsonb_agg(jsonb_build_object(
      'clientId', c.id, 'revision', c.revision, 'syncedAt', c.xero_synced_at, 'ours', sync_client_fields(c),
      'create', m.answer ->> 'create' = 'true',
      'number', c.id || (select case when count(*) > 0 then '-' || count(*) + 1 else '' end from xero_contacts x where x.numbered_for = c.id),
      'earlier', exists (select from clients r where r.xero_name_key = c.xero_name_key and r.id < c.id and sync_goes_first(r))
        or exists (select from clients r where r.xero_email_key = c.xero_email_key and r.id < c.id and sync_goes_first(r)),
      'candidates', coalesce((select k.list from candidates k where k.id = c.id), '[]')) order by c.id), '[]')
  from page p
  join clients c on c.id = p.id
  left join xero_matches m on m.client_id = c.id and m.state = 'answered'
$$;

-- Active contacts that no client is or may be: what the setting `unknownContacts` is about. A client that came after the others were linked may be it too.
create or replace function public.sync_is_unknown(x public.xero_contacts) returns boolean
language sql stable as $$
  select x.status = 'ACTIVE' and x.orphaned_at is null and x.ignored_at is null
    and not exists (select from public.clients c where c.xero_contact_id = x.contact_id)
    and not exists (select from public.clients c where c.id = x.numbered_for)
    and not exists (select from public.xero_matches m where m.state = 'open' and m.candidates @> jsonb_build_array(jsonb_build_object('contactId', x.contact_id)))
    and not exists (select from public.clients c where (c.xero_name_key = x.name_key or c.xero_email_key = x.email_key) and public.sync_is_unlinked(c)
      and not exists (select from public.xero_matches m where m.client_id = c.id and m.state = 'answered'))
$$;

-- Makes clients of customers that only Xero knows. Their ContactNumber follows with the next exchange. One that doesn't fit the table of clients is left in
-- the list of contacts without a client, and keeps no other from its turn.
create or replace function public.sync_contacts_adopt_customers(p_limit int) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  x public.xero_contacts;
  made uuid;
  adopted jsonb := '[]';
begin
  for x in select * from xero_contacts c where c.is_customer and sync_is_unknown(c) order by c.contact_id loop
    exit when jsonb_array_length(adopted) >= p_limit;
    begin
      made := sync_contact_adopt(x);
      if made is not null then adopted := adopted || jsonb_build_object('clientId', made, 'contactId', x.contact_id); end if;
    exception when integrity_constraint_violation or data_exception or raise_exception then null;
    end;
  end loop;
  return adopted;
end $$;

-- ---------------------------------------------------------------- exchanging

-- Whether a client's lease is over with this owner's word, or ran out.
create or replace function public.sync_lease_over(c public.clients, p_owner text) returns boolean
language sql stable as $$
  select coalesce(c.xero_lease_owner = coalesce(p_owner, c.xero_lease_owner) or c.xero_lease_until < now(), true)
$$;

-- Keeps one outcome of sync_contacts_settle. Answers what there is to tell: settled (it counted), stale, fields (of conflicts that opened), linked.
create or replace function public.sync_contact_settle(o jsonb, p_owner text) returns jsonb
language plpgsql set search_path = public, pg_temp as $$
declare
  c public.clients;
  x public.xero_contacts;
  link text;
  written boolean;
  lease_over boolean;
  fresh boolean;
  taken_over jsonb;
  new_revision bigint;
  opened jsonb;
begin
  select * into x from xero_contacts where contact_id = o ->> 'contactId';
  select * into c from clients where id = (o ->> 'clientId')::uuid for update;
  if not found then
    update xero_contacts set orphaned_at = coalesce(orphaned_at, now()) where contact_id = x.contact_id;
    return '{}';
  end if;
  written := jsonb_typeof(o -> 'contact') = 'object';
  lease_over := sync_lease_over(c, p_owner);
  link := (select contact_id from xero_contacts where contact_id = c.xero_contact_id);
  -- About a contact that isn't the client's any more (a person said so, it was merged, the organisation changed) it says nothing of the one it has now.
  if (link is distinct from (o ->> 'link') and link is distinct from (o ->> 'contactId'))
    or (written and c.xero_lease_owner is distinct from coalesce(p_owner, c.xero_lease_owner))
    or (x.contact_id is not null and exists (select from clients where xero_contact_id = x.contact_id and id <> c.id))
  then
    update clients set xero_sent = null, xero_lease_owner = null, xero_lease_until = null where id = c.id and lease_over;
    return '{"stale": true}';
  end if;

  fresh := c.revision = (o ->> 'revision')::bigint;
  taken_over := case when fresh then o -> 'take' else '{}' end;
  new_revision := case when taken_over <> '{}' then sync_client_set(c.id, taken_over) else (o ->> 'revision')::bigint end;

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
  end if;

  return jsonb_build_object('settled', true, 'stale', not fresh, 'fields', opened, 'linked', x.contact_id is not null and x.merged_to is null);
end $$;

-- Keeps the outcomes of an exchange. Each: clientId, revision (as read), link (the contact it had as read, or null), readAt (when, or null for a new
-- contact), contactId, contact (as Xero answered a write, or null), version (of the contact as read), agreed (fields that both sides have), take (fields for
-- our side, applied only if nobody edited the client since), conflicts, clientSettled and contactSettled (nothing of that side waits any more), failure (or
-- null). `p_owner`: whose leases end with it; null from a service of the version before, which is taken for the leases' own.
-- An outcome that the application's own table refuses leaves its client as it was, is a failure of that client, and stops no other.
create or replace function public.sync_contacts_settle(p_outcomes text, p_owner text default null, p_command_id uuid default null) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  answered jsonb;
  o jsonb;
  done jsonb;
  failure jsonb;
  broken text;
  stale jsonb := '[]';
  conflicted jsonb := '[]';
  refused jsonb := '[]';
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
    begin
      done := sync_contact_settle(o, p_owner);
      failure := case when done ? 'settled' then nullif(o -> 'failure', 'null') end;
    exception when integrity_constraint_violation or data_exception or raise_exception then
      get stacked diagnostics broken = constraint_name;
      -- Another client took the contact at this moment: a race, which the next try settles.
      if broken = 'clients_xero_contact_id_key' then raise; end if;
      done := '{}';
      failure := jsonb_build_object('code', 'AFO-208', 'message', sqlerrm, 'details', jsonb_build_object('values', o -> 'take'));
      refused := refused || (o -> 'clientId');
      update clients c set xero_sent = null, xero_lease_owner = null, xero_lease_until = null
      where id = (o ->> 'clientId')::uuid and sync_lease_over(c, p_owner);
    end;
    if (done ->> 'stale')::boolean then stale := stale || (o -> 'clientId'); end if;
    if (done ->> 'linked')::boolean then linked := linked || (o -> 'clientId'); end if;
    if done ->> 'fields' is not null then conflicted := conflicted || jsonb_build_object('clientId', o -> 'clientId', 'fields', done -> 'fields'); end if;
    if failure is not null then
      -- It fails for one reason at a time: what it failed for before is over.
      update xero_failures set resolved_at = now(), resolution = 'fixed'
      where resolved_at is null and entity = 'client' and entity_id = o ->> 'clientId' and code <> failure ->> 'code';
      failures := failures || jsonb_build_array(failure || jsonb_build_object('entity', 'client', 'entityId', o -> 'clientId', 'clientId', o -> 'clientId',
        'commandId', p_command_id));
    elsif done ? 'settled' then
      fine := fine || (o -> 'clientId');
    end if;
  end loop;
  -- It has its contact: what a person once answered about candidates would only silence the next question.
  delete from xero_matches where client_id in (select e::uuid from jsonb_array_elements_text(linked) e);
  perform sync_failures_record(failures::text);
  perform sync_failures_resolve('client', fine::text);
  return jsonb_build_object('stale', stale, 'conflicted', conflicted, 'refused', refused);
end $$;

-- ---------------------------------------------------------------- items

-- Takes over Xero's whole list of sold items: adds, updates, marks what is gone, restores what is back, and writes nothing that is equal.
-- Columns of the office's own are never touched, nor is the rate of an activity whose item has no price. Each element: itemId, code, name, description, rate
-- (decimal text), accountCode, taxType. `p_tenant_id`: the organisation that was read; null from a service of the version before.
-- An item that can't be taken over keeps its row as it was, is reported in `refused`, and stops no other.
drop function if exists public.sync_items_import(text);
create or replace function public.sync_items_import(p_items text, p_tenant_id text default null) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  i record;
  added int := 0;
  updated int := 0;
  restored int := 0;
  missing int;
  n int;
  refused jsonb := '[]';
begin
  -- One after the other with a change of organisation, which forgets the items of the one before.
  perform sync_tenant_must_hold(p_tenant_id);
  -- Two imports at once would each add what the other is adding.
  perform pg_advisory_xact_lock(hashtext('sync_items_import'));

  for i in
    select x.*, a.id as activity_id, a.missing_in_xero_at is not null as was_missing
    from jsonb_to_recordset(p_items::jsonb) as x ("itemId" text, code text, name text, description text, rate text, "accountCode" text, "taxType" text)
    left join activity_types a on a.xero_item_id = x."itemId"
      -- An activity that somebody gave the item's code before the first import is that item.
      or (a.xero_item_id is null and lower(a.xero_item_code) = lower(x.code)
        and not exists (select from activity_types b where b.xero_item_id = x."itemId"))
    where a.id is null or a.missing_in_xero_at is not null or not a.managed_by_xero
      or (a.name, a.default_rate, a.xero_item_code, a.description, a.account_code, a.tax_type)
        is distinct from (x.name, coalesce(x.rate::numeric, a.default_rate), x.code, x.description, x."accountCode", x."taxType")
  loop
    begin
      if exists (select from activity_types a where lower(a.name) = lower(i.name) and a.xero_item_id is null and a.id is distinct from i.activity_id) then
        raise unique_violation using message = format('There is an activity type "%s" already that does not come from Xero', i.name);
      end if;
      if i.activity_id is null then
        insert into activity_types (name, default_rate, xero_item_id, xero_item_code, managed_by_xero, description, account_code, tax_type)
          values (i.name, i.rate::numeric, i."itemId", i.code, true, i.description, i."accountCode", i."taxType");
        added := added + 1;
      else
        update activity_types set name = i.name, default_rate = coalesce(i.rate::numeric, default_rate), xero_item_id = i."itemId", xero_item_code = i.code,
          managed_by_xero = true, description = i.description, account_code = i."accountCode", tax_type = i."taxType", missing_in_xero_at = null, updated_at = now()
          where id = i.activity_id;
        if i.was_missing then restored := restored + 1; else updated := updated + 1; end if;
      end if;
    exception when integrity_constraint_violation or data_exception or raise_exception then
      refused := refused || jsonb_build_object('itemId', i."itemId", 'code', i.code, 'name', i.name, 'message', sqlerrm);
    end;
  end loop;

  update activity_types set missing_in_xero_at = now(), updated_at = now()
    where xero_item_id is not null and missing_in_xero_at is null
      and xero_item_id not in (select e ->> 'itemId' from jsonb_array_elements(p_items::jsonb) e);
  get diagnostics missing = row_count;

  update xero_failures set resolved_at = now(), resolution = 'fixed'
    where resolved_at is null and entity = 'item' and entity_id not in (select r ->> 'itemId' from jsonb_array_elements(refused) r);

  n := jsonb_array_length(p_items::jsonb);
  return jsonb_build_object('added', added, 'updated', updated, 'restored', restored, 'missing', missing, 'refused', refused,
    'unchanged', n - added - updated - restored - jsonb_array_length(refused));
end $$;

select public.sync_lock_down();
