-- Contact-sync: clients and Xero's contacts, both ways.
--
-- A slim copy of every contact (xero_contacts) is kept by the pull. It makes linking, merging and a dry run possible without a call per client.
-- Dirty on our side: clients.revision differs from xero_synced_revision. Dirty on Xero's: xero_contacts.version differs from merged_version.
-- Fields cross as one JSON object of text or null by the names of `syncedFields`; `archived` is 'archived' or null.

alter table public.clients
  add column if not exists mailing_street text,
  add column if not exists mailing_city text,
  add column if not exists mailing_region text,
  add column if not exists mailing_postal_code text,
  add column if not exists mailing_country text,
  -- The revision that Xero or its rules refused: not tried again until it changes or a person asks.
  add column if not exists xero_failed_revision bigint,
  -- Name and e-mail as Xero compares them, kept by a trigger.
  add column if not exists xero_name_key text,
  add column if not exists xero_email_key text,
  -- When its contact pays, as Xero has it: {"day": 20, "type": "OFFOLLOWINGMONTH"}. Invoicing reads it.
  add column if not exists xero_payment_terms jsonb,
  -- Who writes this client to Xero at the moment.
  add column if not exists xero_lease_owner text,
  add column if not exists xero_lease_until timestamptz;

create or replace function public.sync_clients_revision() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if (new.name, new.first_name, new.last_name, new.email, new.phone, new.mobile, new.street, new.city, new.region, new.postal_code,
      new.country, new.mailing_street, new.mailing_city, new.mailing_region, new.mailing_postal_code, new.mailing_country,
      new.tax_number, new.account_number, new.archived_at is null)
    is distinct from
     (old.name, old.first_name, old.last_name, old.email, old.phone, old.mobile, old.street, old.city, old.region, old.postal_code,
      old.country, old.mailing_street, old.mailing_city, old.mailing_region, old.mailing_postal_code, old.mailing_country,
      old.tax_number, old.account_number, old.archived_at is null)
  then
    new.revision := old.revision + 1;
    new.updated_at := now();
  end if;
  return new;
end $$;

create table if not exists public.xero_contacts (
  contact_id text primary key,
  contact_number text,
  -- The client that the number names: a client's id, and "-2" and so on where a contact that can't be used any more has that.
  numbered_for uuid,
  status text not null,
  merged_to text,
  is_customer boolean not null default false,
  fields jsonb not null,
  -- Xero's own slots, of which `fields` shows a part: a write sends them whole.
  phones jsonb not null default '[]',
  addresses jsonb not null default '[]',
  payment_terms jsonb,
  -- As Xero compares: see sync_fold.
  name_key text,
  email_key text,
  account_key text,
  updated_at timestamptz,
  version bigint not null default 1,
  merged_version bigint,
  -- When it was last read on its own account (webhook).
  read_at timestamptz,
  -- The full reading that last showed it; one that a later full reading didn't show is gone from Xero's lists.
  seen_in uuid,
  -- Its client was deleted here: never deleted in Xero, and no client is made of it again.
  orphaned_at timestamptz,
  archive_refused_at timestamptz,
  -- A person said that it needs no client.
  ignored_at timestamptz
);
create index if not exists xero_contacts_name_idx on public.xero_contacts (name_key);
create index if not exists xero_contacts_email_idx on public.xero_contacts (email_key);
create index if not exists xero_contacts_account_idx on public.xero_contacts (account_key);
create index if not exists xero_contacts_number_idx on public.xero_contacts (numbered_for);
create index if not exists xero_contacts_pending_idx on public.xero_contacts (contact_id) where merged_version is distinct from version;
create index if not exists xero_contacts_merged_idx on public.xero_contacts (contact_id) where merged_to is not null;

-- Contacts that webhooks say have changed, until somebody reads them.
create table if not exists public.xero_contact_wants (
  contact_id text primary key,
  asked_at timestamptz not null,
  -- Somebody reads it since then: what was asked for before that is answered by it.
  taken_at timestamptz
);

-- The latest dry run of a sync.
create table if not exists public.xero_contact_plan (
  client_id uuid primary key,
  command_id uuid not null,
  action text not null,
  row jsonb not null,
  made_at timestamptz not null default now()
);

alter table public.xero_contacts enable row level security;
alter table public.xero_contact_wants enable row level security;
alter table public.xero_contact_plan enable row level security;
revoke all on public.xero_contacts, public.xero_contact_wants, public.xero_contact_plan from anon, authenticated;

-- A text as Xero compares names: without case, accents and double spaces.
create or replace function public.sync_fold(p_text text) returns text
language sql immutable parallel safe set search_path = public, pg_temp as $$
  select nullif(btrim(regexp_replace(regexp_replace(lower(normalize(p_text, nfkd)), '[\u0300-\u036f<>]', '', 'g'), '[\s[:cntrl:]]+', ' ', 'g')), '')
$$;

create index if not exists clients_xero_name_key_idx on public.clients (xero_name_key);
create index if not exists clients_xero_email_key_idx on public.clients (xero_email_key);

create or replace function public.sync_clients_keys() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  new.xero_name_key := sync_fold(new.name);
  new.xero_email_key := sync_fold(new.email);
  return new;
end $$;
drop trigger if exists sync_clients_keys on public.clients;
create trigger sync_clients_keys before insert or update of name, email on public.clients for each row execute function public.sync_clients_keys();
update public.clients set name = name where xero_name_key is null;

-- Its contact stays in Xero, but no client is made of it again.
create or replace function public.sync_clients_deleted() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update xero_contacts set orphaned_at = now() where contact_id = old.xero_contact_id or numbered_for = old.id;
  return null;
end $$;
drop trigger if exists sync_clients_deleted on public.clients;
create trigger sync_clients_deleted after delete on public.clients for each row execute function public.sync_clients_deleted();

create or replace function public.sync_numbered_for(p_number text) returns uuid
language sql immutable parallel safe as $$
  select case when p_number ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(-\d+)?$' then left(p_number, 36)::uuid end
$$;

create or replace function public.sync_client_fields(c public.clients) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('name', c.name, 'first_name', c.first_name, 'last_name', c.last_name, 'email', c.email, 'phone', c.phone,
    'mobile', c.mobile, 'street', c.street, 'city', c.city, 'region', c.region, 'postal_code', c.postal_code, 'country', c.country,
    'mailing_street', c.mailing_street, 'mailing_city', c.mailing_city, 'mailing_region', c.mailing_region,
    'mailing_postal_code', c.mailing_postal_code, 'mailing_country', c.mailing_country,
    'tax_number', c.tax_number, 'account_number', c.account_number, 'archived', case when c.archived_at is not null then 'archived' end)
$$;

create or replace function public.sync_client_set(p_id uuid, p_fields jsonb) returns bigint
language sql set search_path = public, pg_temp as $$
  update clients c set
    name = case when p_fields ? 'name' then coalesce(p_fields ->> 'name', '') else c.name end,
    first_name = case when p_fields ? 'first_name' then p_fields ->> 'first_name' else c.first_name end,
    last_name = case when p_fields ? 'last_name' then p_fields ->> 'last_name' else c.last_name end,
    email = case when p_fields ? 'email' then p_fields ->> 'email' else c.email end,
    phone = case when p_fields ? 'phone' then p_fields ->> 'phone' else c.phone end,
    mobile = case when p_fields ? 'mobile' then p_fields ->> 'mobile' else c.mobile end,
    street = case when p_fields ? 'street' then p_fields ->> 'street' else c.street end,
    city = case when p_fields ? 'city' then p_fields ->> 'city' else c.city end,
    region = case when p_fields ? 'region' then p_fields ->> 'region' else c.region end,
    postal_code = case when p_fields ? 'postal_code' then p_fields ->> 'postal_code' else c.postal_code end,
    country = case when p_fields ? 'country' then p_fields ->> 'country' else c.country end,
    mailing_street = case when p_fields ? 'mailing_street' then p_fields ->> 'mailing_street' else c.mailing_street end,
    mailing_city = case when p_fields ? 'mailing_city' then p_fields ->> 'mailing_city' else c.mailing_city end,
    mailing_region = case when p_fields ? 'mailing_region' then p_fields ->> 'mailing_region' else c.mailing_region end,
    mailing_postal_code = case when p_fields ? 'mailing_postal_code' then p_fields ->> 'mailing_postal_code' else c.mailing_postal_code end,
    mailing_country = case when p_fields ? 'mailing_country' then p_fields ->> 'mailing_country' else c.mailing_country end,
    tax_number = case when p_fields ? 'tax_number' then p_fields ->> 'tax_number' else c.tax_number end,
    account_number = case when p_fields ? 'account_number' then p_fields ->> 'account_number' else c.account_number end,
    archived_at = case when p_fields ? 'archived' then case when p_fields ->> 'archived' is not null then coalesce(c.archived_at, now()) end
                  else c.archived_at end
  where c.id = p_id returning c.revision
$$;

-- ---------------------------------------------------------------- what Xero has

create or replace function public.sync_contact_json(x public.xero_contacts) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object('contactId', x.contact_id, 'contactNumber', x.contact_number, 'status', x.status, 'mergedTo', x.merged_to,
    'isCustomer', x.is_customer, 'fields', x.fields, 'phones', x.phones, 'addresses', x.addresses, 'paymentTerms', x.payment_terms, 'updatedAt', x.updated_at)
$$;

-- Takes in contacts as Xero showed them. One that is equal isn't written (an echo costs nothing), an older sight never replaces a newer one.
-- With a set, what was seen is marked with it. Answers how many differ from what was known.
create or replace function public.sync_contacts_see(p_contacts text, p_set uuid default null) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  n int;
begin
  insert into xero_contacts as x (contact_id, contact_number, numbered_for, status, merged_to, is_customer, fields, phones, addresses, payment_terms,
    name_key, email_key, account_key, updated_at)
  select c ->> 'contactId', c ->> 'contactNumber', sync_numbered_for(c ->> 'contactNumber'), c ->> 'status', c ->> 'mergedTo', (c ->> 'isCustomer')::boolean, c -> 'fields', c -> 'phones', c -> 'addresses', nullif(c -> 'paymentTerms', 'null'),
    sync_fold(c #>> '{fields,name}'), sync_fold(c #>> '{fields,email}'), sync_fold(c #>> '{fields,account_number}'), (c ->> 'updatedAt')::timestamptz
  from (select distinct on (e ->> 'contactId') e as c from jsonb_array_elements(p_contacts::jsonb) with ordinality as l (e, nth)
        order by e ->> 'contactId', nth desc) latest
  on conflict (contact_id) do update set contact_number = excluded.contact_number, numbered_for = excluded.numbered_for, status = excluded.status, merged_to = excluded.merged_to,
    is_customer = excluded.is_customer, fields = excluded.fields, phones = excluded.phones, addresses = excluded.addresses, payment_terms = excluded.payment_terms, name_key = excluded.name_key,
    email_key = excluded.email_key, account_key = excluded.account_key, updated_at = excluded.updated_at, version = x.version + 1
  where (x.contact_number, x.status, x.merged_to, x.is_customer, x.fields, x.phones, x.addresses, x.payment_terms)
      is distinct from (excluded.contact_number, excluded.status, excluded.merged_to, excluded.is_customer, excluded.fields, excluded.phones, excluded.addresses,
        excluded.payment_terms)
    and (excluded.updated_at >= x.updated_at or x.updated_at is null);
  get diagnostics n = row_count;
  if n > 0 then
    update clients c set xero_contact_status = x.status, xero_payment_terms = x.payment_terms from xero_contacts x
    where x.contact_id in (select e ->> 'contactId' from jsonb_array_elements(p_contacts::jsonb) e) and c.xero_contact_id = x.contact_id
      and (c.xero_contact_status, c.xero_payment_terms) is distinct from (x.status, x.payment_terms);
  end if;
  if p_set is not null then
    update xero_contacts set seen_in = p_set where contact_id in (select c ->> 'contactId' from jsonb_array_elements(p_contacts::jsonb) c);
  end if;
  return n;
end $$;

-- Contacts that a full reading didn't show though they are older than it: to be read one by one.
create or replace function public.sync_contacts_unseen(p_set uuid, p_before timestamptz, p_limit int) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(contact_id), '[]') from (
    select contact_id from xero_contacts
    where seen_in is distinct from p_set and status <> 'GONE' and (updated_at is null or updated_at < p_before)
    order by contact_id limit p_limit) u
$$;

-- What was read one by one: those that Xero no longer has are marked, and so treated as archived there; the others count as seen.
create or replace function public.sync_contacts_checked(p_set uuid, p_there text, p_gone text) returns void
language sql security definer set search_path = public, pg_temp as $$
  update xero_contacts set seen_in = p_set where contact_id in (select jsonb_array_elements_text(p_there::jsonb));
  update xero_contacts set status = 'GONE', version = version + 1 where contact_id in (select jsonb_array_elements_text(p_gone::jsonb));
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

-- ---------------------------------------------------------------- linking

-- Whether a client waits for a contact: it has none, or one that this organisation doesn't have.
create or replace function public.sync_is_unlinked(c public.clients) returns boolean
language sql stable as $$
  select c.archived_at is null and not exists (select from public.xero_contacts x where x.contact_id = c.xero_contact_id)
$$;

-- Whether an unlinked client will get a contact before those of its name or e-mail that come after it.
create or replace function public.sync_goes_first(c public.clients) returns boolean
language sql stable as $$
  select public.sync_is_unlinked(c) and c.xero_failed_revision is distinct from c.revision
    and not exists (select from public.xero_matches m where m.client_id = c.id and m.state = 'open')
$$;

-- The next clients without a contact, each with the contacts that it may be. `earlier`: an unlinked client before it has the same name or e-mail.
create or replace function public.sync_clients_unlinked(p_after uuid, p_limit int, p_client_ids text default null) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  with page as materialized (
    select c.id, c.xero_name_key as name_key, c.xero_email_key as email_key from clients c
    where sync_is_unlinked(c)
      and (p_after is null or c.id > p_after)
      and (p_client_ids is not null or c.xero_failed_revision is distinct from c.revision)
      and (p_client_ids is null or c.id in (select e::uuid from jsonb_array_elements_text(p_client_ids::jsonb) e))
    order by c.id limit p_limit
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

-- Links clients to contacts. One that another client has by now is left out and answered.
create or replace function public.sync_clients_link(p_links text) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  l record;
  taken jsonb := '[]';
begin
  for l in select * from jsonb_to_recordset(p_links::jsonb) as x ("clientId" uuid, "contactId" text) loop
    begin
      update clients set xero_contact_id = l."contactId", xero_snapshot = null, xero_failed_revision = null where id = l."clientId";
      update xero_contacts set merged_version = null where contact_id = l."contactId";
      delete from xero_matches where client_id = l."clientId";
    exception when unique_violation then
      taken := taken || to_jsonb(l."clientId");
    end;
  end loop;
  return taken;
end $$;

-- Keeps questions for a person. Answers those that are new or show other candidates than before.
create or replace function public.sync_matches_ask(p_questions text) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
  with asked as (
    insert into xero_matches as m (client_id, reason, candidates)
    select (q ->> 'clientId')::uuid, q ->> 'reason', q -> 'candidates' from jsonb_array_elements(p_questions::jsonb) q
    join clients c on c.id = (q ->> 'clientId')::uuid
    on conflict (client_id) do update set reason = excluded.reason, candidates = excluded.candidates, state = 'open', answer = null, answered_at = null, answered_by = null
    where (m.reason, m.candidates, m.state) is distinct from (excluded.reason, excluded.candidates, 'open')
    returning client_id
  )
  select coalesce(jsonb_agg(client_id), '[]') from asked
$$;

-- Questions that nobody needs to answer any more.
create or replace function public.sync_matches_drop(p_client_ids text) returns void
language sql security definer set search_path = public, pg_temp as $$
  delete from xero_matches where state = 'open' and client_id in (select e::uuid from jsonb_array_elements_text(p_client_ids::jsonb) e)
$$;

-- ---------------------------------------------------------------- exchanging

-- The next linked clients where one side has changed since the last exchange: ours (p_push), Xero's (p_pull), or an archived one that Xero still has (p_archive).
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
      'base', coalesce(c.xero_snapshot, '{}'),
      'contact', sync_contact_json(x),
      'number', case when x.contact_number is null and not exists (select from xero_contacts n where n.numbered_for = c.id) then c.id end,
      'version', x.version) order by c.id), '[]')
  from due join clients c on c.id = due.id join xero_contacts x on x.contact_id = due.contact_id
$$;

-- How many clients wait for either step, for the progress.
create or replace function public.sync_clients_waiting(p_push boolean, p_pull boolean) returns int
language sql stable security definer set search_path = public, pg_temp as $$
  select count(*)::int from clients c left join xero_contacts x on x.contact_id = c.xero_contact_id
  where (p_push and c.xero_synced_revision is distinct from c.revision and c.xero_failed_revision is distinct from c.revision
         and (x.contact_id is not null or c.archived_at is null))
     or (p_pull and x.merged_version is distinct from x.version)
$$;

-- Takes clients for writing to Xero, as they were read: one that changed or was exchanged since, or that another process writes, is left out.
create or replace function public.sync_clients_lease(p_clients text, p_owner text, p_ms bigint) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
  with taken as (
    update clients c set xero_lease_owner = p_owner, xero_lease_until = now() + p_ms * interval '1 millisecond'
    from jsonb_to_recordset(p_clients::jsonb) as a ("clientId" uuid, revision bigint, "syncedAt" timestamptz)
    where c.id = a."clientId" and c.revision = a.revision and c.xero_synced_at is not distinct from a."syncedAt"
      and (c.xero_lease_until is null or c.xero_lease_until < now() or c.xero_lease_owner = p_owner)
    returning c.id
  )
  select coalesce(jsonb_agg(id), '[]') from taken
$$;

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
      failures := failures || jsonb_build_array(o -> 'failure' || jsonb_build_object('entity', 'client', 'entityId', c.id, 'clientId', c.id, 'commandId', p_command_id));
    else
      fine := fine || to_jsonb(c.id);
    end if;
  end loop;
  perform sync_failures_record(failures::text);
  perform sync_failures_resolve('client', fine::text);
  return jsonb_build_object('stale', stale, 'conflicted', conflicted);
end $$;

-- Which names and account numbers other active contacts have, to say in plain words why Xero refused.
create or replace function public.sync_contacts_taken(p_asked text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('clientId', a."clientId",
    'name', exists (select from xero_contacts x where x.name_key = sync_fold(a.name) and x.status = 'ACTIVE' and x.contact_id is distinct from a."contactId"),
    'accountNumber', exists (select from xero_contacts x where x.account_key = sync_fold(a."accountNumber") and x.status = 'ACTIVE'
      and x.contact_id is distinct from a."contactId"))), '[]')
  from jsonb_to_recordset(p_asked::jsonb) as a ("clientId" uuid, "contactId" text, name text, "accountNumber" text)
$$;

-- How each of these clients stands. 'waiting': nothing is known against it, it has not been exchanged yet.
create or replace function public.sync_clients_standing(p_client_ids text) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('clientId', c.id, 'contactId', x.contact_id,
    'dirty', c.xero_synced_revision is distinct from c.revision or x.merged_version is distinct from x.version,
    'state', case
      when x.contact_id is not null then 'linked'
      when m.client_id is not null then 'question'
      when c.xero_failed_revision = c.revision then 'failed'
      when c.archived_at is not null then 'archived'
      else 'waiting' end)), '[]')
  from clients c
  left join xero_contacts x on x.contact_id = c.xero_contact_id
  left join xero_matches m on m.client_id = c.id and m.state = 'open'
  where c.id in (select e::uuid from jsonb_array_elements_text(p_client_ids::jsonb) e)
$$;

-- ---------------------------------------------------------------- webhooks

-- Contacts to be read, unless they were since the change was told of.
create or replace function public.sync_contacts_want(p_contact_ids text, p_asked_at timestamptz) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into xero_contact_wants (contact_id, asked_at)
  select w.id, p_asked_at from jsonb_array_elements_text(p_contact_ids::jsonb) as w (id)
  where not exists (select from xero_contacts x where x.contact_id = w.id and x.read_at >= p_asked_at)
  on conflict (contact_id) do update set asked_at = greatest(xero_contact_wants.asked_at, excluded.asked_at)
$$;

-- Takes what waits to be read; each is given to one caller, and to another only when that one seems to have died. `at` is when that was.
create or replace function public.sync_contacts_take_wants(p_limit int, p_lease_ms bigint) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
  with taken as (
    update xero_contact_wants set taken_at = clock_timestamp() where contact_id in (
      select contact_id from xero_contact_wants
      where taken_at is null or asked_at > taken_at or taken_at < clock_timestamp() - p_lease_ms * interval '1 millisecond'
      order by asked_at limit p_limit for update skip locked)
    returning contact_id, taken_at
  )
  select jsonb_build_object('contactIds', coalesce(jsonb_agg(contact_id), '[]'), 'at', coalesce(min(taken_at), clock_timestamp())) from taken
$$;

-- They were read, as they were at that time. Without a time they weren't: they wait for the next reader.
create or replace function public.sync_contacts_were_read(p_contact_ids text, p_at timestamptz) returns void
language sql security definer set search_path = public, pg_temp as $$
  update xero_contacts set read_at = p_at where p_at is not null and contact_id in (select jsonb_array_elements_text(p_contact_ids::jsonb));
  delete from xero_contact_wants where p_at is not null and asked_at <= p_at and contact_id in (select jsonb_array_elements_text(p_contact_ids::jsonb));
  update xero_contact_wants set taken_at = null where contact_id in (select jsonb_array_elements_text(p_contact_ids::jsonb));
$$;

-- ---------------------------------------------------------------- contacts without a client

-- Contacts of clients that were deleted here and that Xero still has as active.
create or replace function public.sync_contacts_orphaned(p_limit int) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(contact_id), '[]') from (
    select x.contact_id from xero_contacts x
    where x.orphaned_at is not null and x.status = 'ACTIVE' and x.archive_refused_at is null
      and not exists (select from clients c where c.xero_contact_id = x.contact_id)
    order by x.contact_id limit p_limit) o
$$;

create or replace function public.sync_contacts_archive_refused(p_contact_ids text) returns void
language sql security definer set search_path = public, pg_temp as $$
  update xero_contacts set archive_refused_at = now() where contact_id in (select jsonb_array_elements_text(p_contact_ids::jsonb))
$$;

-- Active contacts that no client is or may be: what the setting `unknownContacts` is about.
create or replace function public.sync_is_unknown(x public.xero_contacts) returns boolean
language sql stable as $$
  select x.status = 'ACTIVE' and x.orphaned_at is null and x.ignored_at is null
    and not exists (select from public.clients c where c.xero_contact_id = x.contact_id)
    and not exists (select from public.clients c where c.id = x.numbered_for)
    and not exists (select from public.xero_matches m where m.state = 'open' and m.candidates @> jsonb_build_array(jsonb_build_object('contactId', x.contact_id)))
$$;

create or replace function public.sync_contact_adopt(x public.xero_contacts) returns uuid
language plpgsql set search_path = public, pg_temp as $$
declare
  made uuid;
begin
  insert into clients (name, xero_contact_id, xero_contact_status, xero_payment_terms, xero_snapshot, xero_synced_at)
    values (x.fields ->> 'name', x.contact_id, x.status, x.payment_terms, x.fields, now()) on conflict do nothing returning id into made;
  perform sync_client_set(made, x.fields);
  return made;
end $$;

-- Makes clients of customers that only Xero knows. Their ContactNumber follows with the next exchange.
create or replace function public.sync_contacts_adopt_customers(p_limit int) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  x public.xero_contacts;
  made uuid;
  adopted jsonb := '[]';
begin
  for x in select * from xero_contacts c where c.is_customer and sync_is_unknown(c) order by c.contact_id limit p_limit loop
    made := sync_contact_adopt(x);
    if made is not null then adopted := adopted || jsonb_build_object('clientId', made, 'contactId', x.contact_id); end if;
  end loop;
  return adopted;
end $$;

-- ---------------------------------------------------------------- dry run

create or replace function public.sync_contact_plan_keep(p_command_id uuid, p_rows text) returns void
language sql security definer set search_path = public, pg_temp as $$
  delete from xero_contact_plan where command_id <> p_command_id;
  insert into xero_contact_plan (client_id, command_id, action, row)
  select (r ->> 'clientId')::uuid, p_command_id, r ->> 'action', r from jsonb_array_elements(p_rows::jsonb) r
  on conflict (client_id) do update set command_id = excluded.command_id, action = excluded.action, row = excluded.row, made_at = now()
$$;

create or replace function public.sync_contact_plan_list(p_action text, p_after uuid, p_limit int) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'items', coalesce((select jsonb_agg(p.row order by p.client_id) from (
      select * from xero_contact_plan where (p_action is null or action = p_action) and (p_after is null or client_id > p_after)
      order by client_id limit p_limit) p), '[]'),
    'total', (select count(*) from xero_contact_plan where p_action is null or action = p_action),
    'commandId', (select id from commands where name = 'contacts.plan' and state = 'done' order by finished_at desc limit 1),
    'madeAt', (select finished_at from commands where name = 'contacts.plan' and state = 'done' order by finished_at desc limit 1))
$$;

-- ---------------------------------------------------------------- a person's answers

-- Questions of linking, oldest first: the client beside its candidates.
create or replace function public.sync_matches_list(p_after uuid, p_limit int) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'items', coalesce((select jsonb_agg(jsonb_build_object('clientId', c.id, 'ours', sync_client_fields(c), 'reason', m.reason, 'candidates', m.candidates,
        'openedAt', m.opened_at) order by c.id)
      from (select * from xero_matches where state = 'open' and (p_after is null or client_id > p_after) order by client_id limit p_limit) m
      join clients c on c.id = m.client_id), '[]'),
    'total', (select count(*) from xero_matches where state = 'open'))
$$;

-- Answers which contact a client is; null: none of them, create one. The caller then pushes the client.
create or replace function public.sync_match_answer(p_client_id uuid, p_contact_id text, p_by text) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  holder text;
begin
  if not exists (select from clients where id = p_client_id) then perform sync_fail(404, 'no-client', 'There is no such client'); end if;
  if p_contact_id is null then
    insert into xero_matches (client_id, reason, candidates) values (p_client_id, 'answered', '[]') on conflict (client_id) do nothing;
    update xero_matches set state = 'answered', answer = '{"create": true}', answered_at = now(), answered_by = p_by where client_id = p_client_id;
    update clients set xero_contact_id = null, xero_snapshot = null, xero_synced_revision = null, xero_failed_revision = null where id = p_client_id
      and exists (select from xero_contacts x where x.contact_id = xero_contact_id and x.merged_to is not null);
    update clients set xero_failed_revision = null where id = p_client_id;
    return jsonb_build_object('clientId', p_client_id, 'contactId', null);
  end if;
  if not exists (select from xero_contacts where contact_id = p_contact_id and status = 'ACTIVE') then
    perform sync_fail(404, 'no-contact', 'There is no such active contact in Xero');
  end if;
  select name into holder from clients where xero_contact_id = p_contact_id and id <> p_client_id;
  if found then perform sync_fail(409, 'contact-taken', format('That contact is linked to the client "%s"', holder)); end if;
  perform sync_clients_link(jsonb_build_array(jsonb_build_object('clientId', p_client_id, 'contactId', p_contact_id))::text);
  return jsonb_build_object('clientId', p_client_id, 'contactId', p_contact_id);
end $$;

create or replace function public.sync_conflicts_list(p_state text, p_after uuid, p_limit int) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'items', coalesce((select jsonb_agg(jsonb_build_object('id', k.id, 'clientId', k.client_id, 'clientName', c.name, 'contactId', c.xero_contact_id,
        'field', k.field, 'base', k.base, 'ours', k.ours, 'theirs', k.theirs, 'state', k.state, 'choice', k.choice, 'openedAt', k.opened_at,
        'resolvedAt', k.resolved_at, 'resolvedBy', k.resolved_by) order by k.id)
      from (select * from xero_conflicts where state = p_state and (p_after is null or id > p_after) order by id limit p_limit) k
      join clients c on c.id = k.client_id), '[]'),
    'total', (select count(*) from xero_conflicts where state = p_state))
$$;

-- Settles conflicts by moving the base: with 'ours' the base becomes Xero's value, so that ours counts as the only change, and the other way round. Should
-- a side change once more before the exchange, that is a new question. Answers the clients; the caller then pushes them.
create or replace function public.sync_conflicts_resolve(p_ids text, p_choice text, p_by text) returns jsonb
language sql security definer set search_path = public, pg_temp as $$
  with settled as (
    update xero_conflicts k set state = 'resolved', choice = p_choice, resolved_at = now(), resolved_by = p_by
    where k.state = 'open' and p_choice in ('ours', 'xero') and k.id in (select e::uuid from jsonb_array_elements_text(p_ids::jsonb) e)
    returning k.client_id, k.field, case p_choice when 'ours' then k.theirs else k.ours end as base
  ), moved as (
    update clients c set xero_snapshot = coalesce(c.xero_snapshot, '{}') || s.bases, xero_synced_revision = null, xero_failed_revision = null
    from (select client_id, jsonb_object_agg(field, base) as bases from settled group by client_id) s
    where c.id = s.client_id returning c.id, c.xero_contact_id
  ), marked as (
    update xero_contacts x set merged_version = null from moved m where x.contact_id = m.xero_contact_id
  )
  select coalesce(jsonb_agg(id), '[]') from moved
$$;

-- Takes resolutions back: the value that lost becomes an edit of ours, and so the value of both. Refused where the client was edited since.
create or replace function public.sync_conflicts_undo(p_ids text, p_by text) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  k public.xero_conflicts;
  winner text;
  loser text;
  undone jsonb := '[]';
begin
  for k in select * from xero_conflicts where state = 'resolved' and id in (select e::uuid from jsonb_array_elements_text(p_ids::jsonb) e) for update loop
    winner := case k.choice when 'ours' then k.ours else k.theirs end;
    loser := case k.choice when 'ours' then k.theirs else k.ours end;
    if not exists (select from clients c where c.id = k.client_id and (sync_client_fields(c) ->> k.field is not distinct from winner
      or sync_client_fields(c) ->> k.field is not distinct from loser or regexp_replace(btrim(sync_client_fields(c) ->> k.field), '\s+', ' ', 'g') = winner)) then
      perform sync_fail(409, 'edited-since', format('The %s was edited since', k.field));
    end if;
    perform sync_client_set(k.client_id, jsonb_build_object(k.field, loser));
    update clients set xero_snapshot = coalesce(xero_snapshot, '{}') || jsonb_build_object(k.field, winner), xero_synced_revision = null where id = k.client_id;
    update xero_conflicts set state = 'undone', resolved_at = now(), resolved_by = p_by where id = k.id;
    undone := undone || to_jsonb(k.client_id);
  end loop;
  return undone;
end $$;

-- Contacts that no client is, for the setting 'ask'.
create or replace function public.sync_unknown_contacts_list(p_after text, p_limit int) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'items', coalesce((select jsonb_agg(jsonb_build_object('contactId', u.contact_id, 'fields', u.fields, 'isCustomer', u.is_customer) order by u.contact_id)
      from (select * from xero_contacts x where (p_after is null or x.contact_id > p_after) and sync_is_unknown(x) order by x.contact_id limit p_limit) u), '[]'),
    'total', (select count(*) from xero_contacts x where sync_is_unknown(x)))
$$;

-- Answers what a contact without a client is: 'ignore', or 'create' a client of it. (That it is a certain client is answered by sync_match_answer.)
create or replace function public.sync_unknown_contact_answer(p_contact_id text, p_answer text) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  x public.xero_contacts;
begin
  select * into x from xero_contacts where contact_id = p_contact_id for update;
  if not found or not sync_is_unknown(x) then perform sync_fail(404, 'no-contact', 'There is no such contact without a client'); end if;
  if p_answer = 'ignore' then
    update xero_contacts set ignored_at = now() where contact_id = p_contact_id;
    return null;
  end if;
  return sync_contact_adopt(x);
end $$;

select public.sync_lock_down();
