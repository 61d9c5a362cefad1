-- The connection to Xero: tokens under lease and version, the organisation in use, and what the vault needs to re-encrypt itself. Tokens cross these
-- functions as ciphertext only. At most two rows of xero_tokens exist: the selected one (kept after a disconnect, since it says which organisation our
-- rows are linked to) and a consent that waits for a choice of organisation.

-- A database that has the table already (the application's earlier phase) is completed.
alter table public.xero_tokens
  add column if not exists connection_id text,
  add column if not exists selected boolean not null default false,
  add column if not exists previous_refresh_token text,
  add column if not exists scopes text,
  add column if not exists refreshed_at timestamptz not null default now(),
  add column if not exists token_version bigint not null default 1,
  add column if not exists lease_owner text,
  add column if not exists lease_until timestamptz,
  add column if not exists connected_by text,
  add column if not exists connected_at timestamptz not null default now(),
  add column if not exists disconnected_at timestamptz,
  add column if not exists disconnected_reason text,
  -- The organisations that a consent covers, until one is chosen.
  add column if not exists organisations jsonb,
  -- The lease under which the tokens came in, so that a repeated swap is recognised.
  add column if not exists swapped_by text,
  -- The smallest number of days left that was warned of.
  add column if not exists warned_days int,
  -- The fact that is still to be said about this connection: an outbox of one.
  add column if not exists unannounced text;
create unique index if not exists xero_tokens_selected_key on public.xero_tokens (selected) where selected;

-- Links to an organisation that is not in use any more, so that coming back to it restores them.
create table if not exists public.xero_unlinked (
  tenant_id text not null,
  entity text not null,
  entity_id uuid not null,
  xero_id text not null,
  unlinked_at timestamptz not null default now(),
  primary key (tenant_id, entity, entity_id)
);
alter table public.xero_unlinked enable row level security;
revoke all on public.xero_unlinked from anon, authenticated;

-- ---------------------------------------------------------------- the connection

-- Ages and remainders are Postgres's, so that no replica's clock matters.
create or replace function public.sync_connection_json(t public.xero_tokens) returns jsonb
language sql stable set search_path = public, pg_temp as $$
  select case when t.id is null then null else jsonb_build_object(
    'id', t.id, 'tenantId', t.tenant_id, 'tenantName', coalesce(t.tenant_name, ''), 'connectionId', t.connection_id,
    'accessToken', t.access_token, 'refreshToken', t.refresh_token, 'previousRefreshToken', t.previous_refresh_token, 'idToken', t.id_token,
    'scopes', t.scopes, 'organisations', t.organisations, 'version', t.token_version,
    'expiresAt', t.expires_at, 'remainingMs', floor(extract(epoch from t.expires_at - now()) * 1000)::bigint,
    'refreshedAt', t.refreshed_at, 'refreshedAgoMs', floor(extract(epoch from now() - t.refreshed_at) * 1000)::bigint,
    'connectedBy', t.connected_by, 'connectedAt', t.connected_at,
    'disconnectedAt', t.disconnected_at, 'disconnectedReason', t.disconnected_reason) end
$$;

create or replace function public.sync_connection_read() returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'current', (select sync_connection_json(t) from xero_tokens t where selected),
    'pending', (select sync_connection_json(t) from xero_tokens t where not selected order by created_at desc limit 1))
$$;

create or replace function public.sync_connection_links() returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'clients', (select count(*) from clients where xero_contact_id is not null),
    'items', (select count(*) from activity_types where xero_item_id is not null),
    'invoices', (select count(*) from invoices where xero_invoice_id is not null),
    'invoicesUnderway', (select count(*) from invoices where state in ('claimed', 'sending', 'unknown')))
$$;

-- Takes the rows' links to one organisation off and remembers them; puts back what was remembered of another. What was read from the old
-- organisation (cursors, contacts, conflicts, matches) says nothing about the new one.
create or replace function public.sync_connection_relink(p_from text, p_to text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into xero_unlinked (tenant_id, entity, entity_id, xero_id)
    select p_from, 'client', id, xero_contact_id from clients where xero_contact_id is not null
    union all select p_from, 'item', id, xero_item_id from activity_types where xero_item_id is not null
    union all select p_from, 'invoice', id, xero_invoice_id from invoices where xero_invoice_id is not null
  on conflict (tenant_id, entity, entity_id) do update set xero_id = excluded.xero_id, unlinked_at = now();
  update clients set xero_contact_id = null, xero_synced_at = null, xero_synced_revision = null, xero_snapshot = null, xero_contact_status = null
    where xero_contact_id is not null;
  update activity_types set xero_item_id = null, managed_by_xero = false, account_code = null, tax_type = null where xero_item_id is not null;
  update invoices set xero_invoice_id = null where xero_invoice_id is not null;

  update clients c set xero_contact_id = u.xero_id from xero_unlinked u where u.tenant_id = p_to and u.entity = 'client' and u.entity_id = c.id;
  update activity_types a set xero_item_id = u.xero_id, managed_by_xero = true from xero_unlinked u
    where u.tenant_id = p_to and u.entity = 'item' and u.entity_id = a.id;
  update invoices i set xero_invoice_id = u.xero_id from xero_unlinked u where u.tenant_id = p_to and u.entity = 'invoice' and u.entity_id = i.id;
  delete from xero_unlinked where tenant_id = p_to;

  delete from xero_cursors;
  delete from xero_contacts;
  delete from xero_contact_wants;
  update clients set xero_failed_revision = null where xero_failed_revision is not null;
  update xero_conflicts set state = 'gone', resolved_at = now() where state = 'open';
  delete from xero_matches where state = 'open';
end $$;

-- Stores a consent. Selected, it becomes the connection; otherwise it waits for a choice. A move to another organisation while rows are linked to the
-- old one changes nothing and answers what is linked, unless forced. `source` and `sourceVersion` name the row whose token set is moved: it must be the
-- one read and under no lease, or a refresh in flight would be lost.
create or replace function public.sync_connection_save(p_grant text, p_select boolean, p_force boolean, p_today date) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  g jsonb := p_grant::jsonb;
  old xero_tokens;
  source xero_tokens;
  links jsonb;
begin
  perform pg_advisory_xact_lock(hashtext('xero_connection'));
  if g ->> 'source' is not null then
    select * into source from xero_tokens where id = (g ->> 'source')::uuid for update;
    if source.id is null or source.token_version <> (g ->> 'sourceVersion')::bigint or source.lease_until > now() then
      perform sync_fail(409, 'connection-busy', 'The connection is being renewed at this moment; try again');
    end if;
  end if;
  select * into old from xero_tokens where selected for update;
  if p_select and old.tenant_id <> g ->> 'tenantId' then
    links := sync_connection_links();
    if not p_force and exists (select from jsonb_each_text(links) where value <> '0') then
      return jsonb_build_object('outcome', 'linked', 'links', links, 'tenantName', coalesce(old.tenant_name, ''));
    end if;
    perform sync_connection_relink(old.tenant_id, g ->> 'tenantId');
  end if;
  delete from xero_tokens where not selected or p_select;
  insert into xero_tokens (id, tenant_id, tenant_name, connection_id, selected, access_token, refresh_token, id_token, scopes, organisations, expires_at,
    connected_by, unannounced, created_at)
  values ((g ->> 'id')::uuid, g ->> 'tenantId', g ->> 'tenantName', g ->> 'connectionId', p_select, g ->> 'accessToken', g ->> 'refreshToken',
    g ->> 'idToken', g ->> 'scopes', g -> 'organisations', now() + (g ->> 'expiresInMs')::bigint * interval '1 millisecond',
    g ->> 'connectedBy', case when p_select then 'xero.connected' end,
    -- The day of the first connection is remembered through every later one: billing may start from it.
    coalesce(old.created_at, now()));
  if p_select then
    update xero_failures set resolved_at = now(), resolution = 'fixed' where entity = 'connection' and resolved_at is null;
    -- A first run must not bill the past: the day of the first connection is where billing starts, unless the admin said otherwise.
    if old.id is null then
      insert into app_settings (key, value) values ('invoicing', jsonb_build_object('billFrom', p_today)::text)
      on conflict (key) do update set value = (app_settings.value::jsonb || excluded.value::jsonb)::text, updated_at = now()
        where app_settings.value::jsonb ->> 'billFrom' is null;
    end if;
  end if;
  return jsonb_build_object('outcome', case when p_select then 'connected' else 'pending' end);
end $$;

-- Xero said that the connection is gone. Marked once; answers whether this call did. A report that is older than the connection (younger than
-- p_settled_ms) or than the tokens (p_version, where given) is about what was there before, and changes nothing.
create or replace function public.sync_connection_lost(p_tenant_id text, p_version bigint, p_settled_ms bigint, p_code text, p_reason text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update xero_tokens set disconnected_at = now(), disconnected_reason = p_reason, token_version = token_version + 1, lease_owner = null, lease_until = null,
      unannounced = 'xero.disconnected', updated_at = now()
    where selected and tenant_id = p_tenant_id and disconnected_at is null and (p_version is null or token_version = p_version)
      and connected_at <= now() - p_settled_ms * interval '1 millisecond';
  if not found then return false; end if;
  perform sync_failures_record(jsonb_build_array(jsonb_build_object(
    'entity', 'connection', 'entityId', p_tenant_id, 'code', p_code, 'message', p_reason))::text);
  return true;
end $$;

-- A person ends the connection: tokens are forgotten, the organisation is remembered. Answers whether there was one.
create or replace function public.sync_connection_end(p_reason text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  ended boolean;
begin
  perform pg_advisory_xact_lock(hashtext('xero_connection'));
  delete from xero_tokens where not selected;
  update xero_tokens set disconnected_at = now(), disconnected_reason = p_reason, unannounced = 'xero.disconnected' where selected and disconnected_at is null;
  ended := found;
  update xero_tokens set access_token = '', refresh_token = '', id_token = null, previous_refresh_token = null, token_version = token_version + 1,
      lease_owner = null, lease_until = null, updated_at = now()
    where selected;
  update xero_failures set resolved_at = now(), resolution = 'fixed' where entity = 'connection' and resolved_at is null;
  return ended;
end $$;

create or replace function public.sync_connection_unannounced() returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', unannounced, 'version', token_version, 'tenantId', tenant_id,
    'tenantName', coalesce(tenant_name, ''), 'reason', coalesce(disconnected_reason, ''))), '[]')
  from xero_tokens where unannounced is not null
$$;

create or replace function public.sync_connection_announced(p_id uuid, p_name text) returns void
language sql security definer set search_path = public, pg_temp as $$
  update xero_tokens set unannounced = null where id = p_id and unannounced = p_name
$$;

-- True for the first to warn of this few days; a refresh begins anew.
create or replace function public.sync_connection_warn(p_id uuid, p_days int) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update xero_tokens set warned_days = p_days where id = p_id and disconnected_at is null and (warned_days is null or warned_days > p_days);
  return found;
end $$;

-- ---------------------------------------------------------------- tokens

-- The right to refresh these tokens, for one asker at a time. Not granted: the version in force tells whether somebody refreshed meanwhile.
create or replace function public.sync_token_lease(p_id uuid, p_version bigint, p_owner text, p_lease_ms bigint) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update xero_tokens set lease_owner = p_owner, lease_until = now() + p_lease_ms * interval '1 millisecond'
    where id = p_id and token_version = p_version and disconnected_at is null and (lease_until is null or lease_until < now());
  return jsonb_build_object('granted', found, 'version', (select token_version from xero_tokens where id = p_id));
end $$;

-- Stores what a refresh brought, only over the version that was read and under the lease that was taken. Called again after a lost answer it
-- recognises its own lease and says true. False: another one's tokens are in force.
create or replace function public.sync_token_swap(p_id uuid, p_version bigint, p_owner text, p_tokens text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  t jsonb := p_tokens::jsonb;
begin
  update xero_tokens set access_token = t ->> 'accessToken', refresh_token = t ->> 'refreshToken', previous_refresh_token = t ->> 'previousRefreshToken',
      id_token = coalesce(t ->> 'idToken', id_token), scopes = coalesce(t ->> 'scopes', scopes),
      expires_at = now() + (t ->> 'expiresInMs')::bigint * interval '1 millisecond', refreshed_at = now(), token_version = p_version + 1,
      lease_owner = null, lease_until = null, swapped_by = p_owner, warned_days = null, updated_at = now()
    where id = p_id and token_version = p_version and lease_owner = p_owner and disconnected_at is null;
  return found or exists (select from xero_tokens where id = p_id and swapped_by = p_owner);
end $$;

create or replace function public.sync_token_release(p_id uuid, p_owner text) returns void
language sql security definer set search_path = public, pg_temp as $$
  update xero_tokens set lease_owner = null, lease_until = null where id = p_id and lease_owner = p_owner
$$;

-- ---------------------------------------------------------------- the vault

-- The value by which a process recognises at start that its key is the one in use. The first process ever writes it.
create or replace function public.sync_vault_check(p_value text) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into app_settings (key, value, is_encrypted) values ('vault_check', p_value, true) on conflict (key) do nothing;
  return (select value from app_settings where key = 'vault_check');
end $$;

-- Every encrypted value after the given place, in order of place ("table/row/column").
create or replace function public.sync_vault_values(p_after text, p_limit int) returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(to_jsonb(v) order by v.place), '[]') from (
    select * from (
      select ('app_settings/' || key || '/value') collate "C" as place, 'app_settings' as "table", key as "row", 'value' as "column", '' as tenant, value
        from app_settings where is_encrypted
      union all
      select ('xero_tokens/' || id || '/' || c.name) collate "C", 'xero_tokens', id::text, c.name, tenant_id, c.value
        from xero_tokens, lateral (values ('access_token', access_token), ('refresh_token', refresh_token), ('id_token', id_token),
          ('previous_refresh_token', previous_refresh_token)) c (name, value)
    ) every_value where value <> '' and place > p_after order by place limit p_limit) v
$$;

-- Replaces the encrypted value of one place ("table/row/column") if it is still the one read.
create or replace function public.sync_vault_replace(p_place text, p_old text, p_new text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  t text := split_part(p_place, '/', 1);
  r text := split_part(p_place, '/', 2);
  c text := split_part(p_place, '/', 3);
  changed int;
begin
  if t = 'app_settings' and c = 'value' then
    update app_settings set value = p_new, updated_at = now() where key = r and value = p_old;
  elsif t = 'xero_tokens' and c in ('access_token', 'refresh_token', 'id_token', 'previous_refresh_token') then
    execute format('update public.xero_tokens set %1$I = $1 where id = $2::uuid and %1$I = $3', c) using p_new, r, p_old;
  else
    perform sync_fail(400, 'not-a-vault-value', 'No secret is kept there');
  end if;
  get diagnostics changed = row_count;
  return changed > 0;
end $$;

-- A connection that the application made before this product is taken over as the one in use.
create or replace function public.sync_connection_adopt() returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update xero_tokens set selected = true
    where id = (select id from xero_tokens where organisations is null order by updated_at desc limit 1)
      and not exists (select from xero_tokens where selected);
  return found;
end $$;

select public.sync_lock_down();
