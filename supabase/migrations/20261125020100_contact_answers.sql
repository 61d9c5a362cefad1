-- What the gateway shows and takes about contacts: questions of linking, conflicts, the dry run, contacts without a client, one client side by side.
-- The lists page like all others (list_page); the keyset functions before them go.

drop function if exists public.sync_matches_list(uuid, int);
drop function if exists public.sync_conflicts_list(text, uuid, int);
drop function if exists public.sync_contact_plan_list(text, uuid, int);
drop function if exists public.sync_unknown_contacts_list(text, int);

-- "Is this contact a candidate of an open question" is asked of every contact that no client has.
create index if not exists xero_matches_candidates_idx on public.xero_matches using gin (candidates jsonb_path_ops) where state = 'open';

create or replace function public.sync_view_match(m public.xero_matches) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('clientId', c.id, 'ours', sync_client_fields(c), 'reason', m.reason, 'openedAt', m.opened_at,
    'candidates', coalesce((select jsonb_agg(k || jsonb_build_object('linkedToName', (select name from clients l where l.id = (k ->> 'linkedTo')::uuid)) order by n)
      from jsonb_array_elements(m.candidates) with ordinality x (k, n)), '[]'))
  from clients c where c.id = m.client_id
$$;

create or replace function public.sync_list_matches(p_query text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select list_page($q$
    select m.client_id::text as id, m.opened_at as "openedAt", lower(c.name) as name, sync_view_match(m) as item
    from xero_matches m join clients c on c.id = m.client_id
    where m.state = 'open' and ($1 is null or c.name ilike $1 or c.email ilike $1)
  $q$, '{"openedAt": "timestamptz", "name": "text"}', '-openedAt', p_query)
$$;

create or replace function public.sync_view_conflict(k public.xero_conflicts) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('id', k.id, 'clientId', k.client_id, 'clientName', c.name, 'contactId', c.xero_contact_id, 'field', k.field,
    'base', k.base, 'ours', k.ours, 'theirs', k.theirs, 'state', k.state, 'choice', k.choice, 'openedAt', k.opened_at,
    'resolvedAt', k.resolved_at, 'resolvedBy', k.resolved_by)
  from clients c where c.id = k.client_id
$$;

create or replace function public.sync_list_conflicts(p_query text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select list_page($q$
    select k.id::text, k.opened_at as "openedAt", lower(c.name) as "clientName", sync_view_conflict(k) as item
    from xero_conflicts k join clients c on c.id = k.client_id
    where k.state = coalesce($2 ->> 'state', 'open') and ($2 ->> 'clientId' is null or k.client_id = ($2 ->> 'clientId')::uuid)
      and ($1 is null or c.name ilike $1 or k.field ilike $1)
  $q$, '{"openedAt": "timestamptz", "clientName": "text"}', '-openedAt', p_query)
$$;

create or replace function public.sync_list_contact_plan(p_query text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select list_page($q$
    select client_id::text as id, lower(row ->> 'name') as name, row as item from xero_contact_plan
    where ($2 ->> 'action' is null or action = $2 ->> 'action') and ($1 is null or row ->> 'name' ilike $1)
  $q$, '{"name": "text"}', 'name', p_query)
    || coalesce((select jsonb_build_object('commandId', id, 'madeAt', case state when 'done' then finished_at end)
      from commands where name = 'contacts.plan' and started_at is not null order by started_at desc limit 1),
      '{"commandId": null, "madeAt": null}')
$$;

create or replace function public.sync_list_unknown_contacts(p_query text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select list_page($q$
    select contact_id as id, coalesce(name_key, '') as name,
      jsonb_build_object('contactId', contact_id, 'fields', fields, 'isCustomer', is_customer) as item
    from xero_contacts x where sync_is_unknown(x) and ($1 is null or fields ->> 'name' ilike $1 or fields ->> 'email' ilike $1)
  $q$, '{"name": "text"}', 'name', p_query)
$$;

create or replace function public.sync_client_detail(p_id uuid) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  c public.clients;
  x public.xero_contacts;
  failed jsonb;
  asked jsonb;
  match jsonb;
begin
  select * into c from clients where id = p_id;
  if not found then perform sync_fail(404, 'not-found', 'There is no such client'); end if;
  select * into x from xero_contacts where contact_id = c.xero_contact_id;
  select coalesce(jsonb_agg(sync_view_failure(f) order by f.last_seen_at desc), '[]') into failed
    from xero_failures f where f.resolved_at is null and (f.entity = 'client' and f.entity_id = c.id::text or f.client_id = c.id);
  select coalesce(jsonb_agg(sync_view_conflict(k) order by k.opened_at desc), '[]') into asked
    from xero_conflicts k where k.client_id = c.id and k.state = 'open';
  select sync_view_match(m) into match from xero_matches m where m.client_id = c.id and m.state = 'open';
  return jsonb_build_object('id', c.id, 'name', c.name, 'firstName', c.first_name, 'lastName', c.last_name, 'email', c.email, 'phone', c.phone,
    'mobile', c.mobile, 'city', c.city, 'country', c.country, 'taxNumber', c.tax_number, 'accountNumber', c.account_number,
    'archived', c.archived_at is not null, 'xeroContactId', c.xero_contact_id, 'xeroContactStatus', c.xero_contact_status, 'syncedAt', c.xero_synced_at,
    'link', case
      when exists (select from xero_failures f where f.resolved_at is null and f.entity = 'client' and f.entity_id = c.id::text) then 'failed'
      when match is not null or asked <> '[]' then 'question'
      when c.xero_contact_id is null or c.xero_synced_revision is distinct from c.revision then 'waiting' else 'linked' end,
    'ours', sync_client_fields(c), 'xero', case when x.contact_id is not null then sync_contact_json(x) end, 'agreed', coalesce(c.xero_snapshot, '{}'),
    'match', match, 'conflicts', asked, 'failures', failed);
end $$;

-- ---------------------------------------------------------------- a person's answers

-- Answers which contact a client is; null: none of them, create one. The caller then pushes the client.
create or replace function public.sync_match_answer(p_client_id uuid, p_contact_id text, p_by text) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  c public.clients;
  holder text;
begin
  select * into c from clients where id = p_client_id for update;
  if not found then perform sync_fail(404, 'no-client', 'There is no such client'); end if;
  if p_contact_id is null then
    if exists (select from xero_contacts x where x.contact_id = c.xero_contact_id and x.merged_to is null and x.status <> 'GONE') then
      perform sync_fail(409, 'client-linked', 'The client has a contact already. To change it, say which contact it is');
    end if;
    insert into xero_matches (client_id, reason, candidates) values (p_client_id, 'answered', '[]') on conflict (client_id) do nothing;
    update xero_matches set state = 'answered', answer = '{"create": true}', answered_at = now(), answered_by = p_by where client_id = p_client_id;
    update clients set xero_contact_id = null, xero_snapshot = null, xero_synced_revision = null where id = p_client_id and xero_contact_id is not null;
    update clients set xero_failed_revision = null where id = p_client_id;
    return jsonb_build_object('clientId', p_client_id, 'contactId', null);
  end if;
  if not exists (select from xero_contacts where contact_id = p_contact_id and status = 'ACTIVE') then
    perform sync_fail(404, 'no-contact', 'There is no such active contact in Xero');
  end if;
  select name into holder from clients where xero_contact_id = p_contact_id and id <> p_client_id;
  if found then perform sync_fail(409, 'contact-taken', format('That contact is linked to the client "%s"', holder)); end if;
  if c.xero_contact_id is distinct from p_contact_id then
    perform sync_clients_link(jsonb_build_array(jsonb_build_object('clientId', p_client_id, 'contactId', p_contact_id))::text);
  end if;
  return jsonb_build_object('clientId', p_client_id, 'contactId', p_contact_id);
end $$;

-- Why a conflict isn't answered.
create or replace function public.sync_conflict_refusal(p_id uuid, p_code text, p_reason text) returns jsonb
language sql immutable parallel safe as $$
  select jsonb_build_object('id', p_id, 'code', p_code, 'reason', p_reason)
$$;

-- Settles conflicts by moving the base: with 'ours' the base becomes Xero's value, so that ours counts as the only change, and the other way round. Should
-- a side change once more before the exchange, that is a new question. Answers the clients too; the caller then pushes them.
create or replace function public.sync_conflicts_resolve(p_ids text, p_choice text, p_by text) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
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

-- Takes resolutions back: the value that lost becomes an edit of ours, and so the value of both. Refused where the client was edited since.
create or replace function public.sync_conflicts_undo(p_ids text, p_by text) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  asked record;
  k public.xero_conflicts;
  winner text;
  loser text;
  undone jsonb := '[]';
  clients_of jsonb := '[]';
  refused jsonb := '[]';
begin
  for asked in select distinct e::uuid as id from jsonb_array_elements_text(p_ids::jsonb) e order by 1 loop
    select * into k from xero_conflicts where id = asked.id for update;
    if not found then
      refused := refused || sync_conflict_refusal(asked.id, 'not-found', 'There is no such conflict');
      continue;
    elsif k.state <> 'resolved' then
      refused := refused || sync_conflict_refusal(k.id, 'not-open', 'The conflict has no answer to take back');
      continue;
    end if;
    winner := case k.choice when 'ours' then k.ours else k.theirs end;
    loser := case k.choice when 'ours' then k.theirs else k.ours end;
    if not exists (select from clients c where c.id = k.client_id and (sync_client_fields(c) ->> k.field is not distinct from winner
      or sync_client_fields(c) ->> k.field is not distinct from loser or regexp_replace(btrim(sync_client_fields(c) ->> k.field), '\s+', ' ', 'g') = winner)) then
      refused := refused || sync_conflict_refusal(k.id, 'edited-since', format('The %s was edited since', replace(k.field, '_', ' ')));
      continue;
    end if;
    perform sync_client_set(k.client_id, jsonb_build_object(k.field, loser));
    update clients set xero_snapshot = coalesce(xero_snapshot, '{}') || jsonb_build_object(k.field, winner), xero_synced_revision = null where id = k.client_id;
    update xero_conflicts set state = 'undone', resolved_at = now(), resolved_by = p_by where id = k.id;
    undone := undone || to_jsonb(k.id);
    if not clients_of @> to_jsonb(k.client_id) then clients_of := clients_of || to_jsonb(k.client_id); end if;
  end loop;
  return jsonb_build_object('ids', undone, 'clientIds', clients_of, 'refused', refused);
end $$;

select public.sync_lock_down();
