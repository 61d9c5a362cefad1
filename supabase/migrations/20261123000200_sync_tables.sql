-- The sync's own state. Row level security on all, no policy: only the service role and the functions get through.

create table if not exists public.xero_tokens (
  id uuid primary key default gen_random_uuid(),
  tenant_id text not null unique,
  tenant_name text,
  connection_id text,
  selected boolean not null default false,
  access_token text not null,
  refresh_token text not null,
  id_token text,
  -- Kept for Xero's 30-minute grace, in case the answer to a refresh was lost.
  previous_refresh_token text,
  scopes text,
  expires_at timestamptz not null,
  refreshed_at timestamptz not null default now(),
  token_version bigint not null default 1,
  lease_owner text,
  lease_until timestamptz,
  connected_by text,
  connected_at timestamptz not null default now(),
  disconnected_at timestamptz,
  disconnected_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index if not exists xero_tokens_selected_key on public.xero_tokens (selected) where selected;
create index if not exists idx_xero_tokens_expires on public.xero_tokens (expires_at);

create table if not exists public.app_settings (
  id uuid primary key default gen_random_uuid(),
  key text not null unique,
  value text,
  is_encrypted boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table if not exists public.commands (
  id uuid primary key,
  name text not null,
  body jsonb not null,
  asked_by text not null,
  triggered_by text not null check (triggered_by in ('manual', 'scheduled')),
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  progress jsonb,
  result jsonb,
  problem jsonb,
  owner text,
  created_at timestamptz not null default now(),
  published_at timestamptz,
  started_at timestamptz,
  heartbeat_at timestamptz,
  finished_at timestamptz,
  cancel_requested_at timestamptz
);
create index if not exists commands_open_idx on public.commands (created_at) where state in ('queued', 'running');
create index if not exists commands_recent_idx on public.commands (created_at desc);

create table if not exists public.idempotency_keys (
  asked_by text not null,
  key text not null,
  fingerprint text not null,
  status int,
  answer jsonb,
  started_at timestamptz not null default now(),
  primary key (asked_by, key)
);

create table if not exists public.xero_sync_log (
  id bigint generated always as identity primary key,
  command_id uuid unique,
  job text not null,
  triggered_by text not null,
  status text not null check (status in ('running', 'success', 'partial', 'failed', 'cancelled')),
  counts jsonb not null default '{}',
  message text,
  started_at timestamptz not null default now(),
  finished_at timestamptz
);
create index if not exists xero_sync_log_started_idx on public.xero_sync_log (started_at desc);

create table if not exists public.sync_schedules (
  name text primary key,
  last_tick timestamptz not null,
  next_tick timestamptz not null
);

create table if not exists public.xero_failures (
  id uuid primary key default gen_random_uuid(),
  entity text not null,
  entity_id text not null,
  code text not null,
  -- What the other side said, in its own words.
  message text not null,
  details jsonb not null default '{}',
  client_id uuid,
  money numeric(14, 2),
  command_id uuid,
  count int not null default 1,
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  resolved_at timestamptz,
  resolution text check (resolution in ('fixed', 'dismissed')),
  resolved_by text,
  resolved_reason text
);
create unique index if not exists xero_failures_open_key on public.xero_failures (entity, entity_id, code) where resolved_at is null;
create index if not exists xero_failures_seen_idx on public.xero_failures (last_seen_at desc);

create table if not exists public.xero_conflicts (
  id uuid primary key default gen_random_uuid(),
  client_id uuid not null references public.clients (id) on delete cascade,
  field text not null,
  base text,
  ours text,
  theirs text,
  state text not null default 'open' check (state in ('open', 'resolved', 'undone', 'gone')),
  choice text,
  opened_at timestamptz not null default now(),
  resolved_at timestamptz,
  resolved_by text
);
create unique index if not exists xero_conflicts_open_key on public.xero_conflicts (client_id, field) where state = 'open';

create table if not exists public.xero_matches (
  client_id uuid primary key references public.clients (id) on delete cascade,
  reason text not null,
  candidates jsonb not null,
  state text not null default 'open' check (state in ('open', 'answered')),
  answer jsonb,
  opened_at timestamptz not null default now(),
  answered_at timestamptz,
  answered_by text
);

create table if not exists public.xero_cursors (
  name text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);

create table if not exists public.xero_calls (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  tenant_id text not null,
  service text not null,
  method text not null,
  path text not null,
  endpoint text not null,
  status int,
  outcome text not null,
  duration_ms int not null,
  priority text not null,
  correlation_id text,
  xero_correlation_id text,
  day_remaining int,
  request jsonb,
  answer jsonb
);
create index if not exists xero_calls_at_idx on public.xero_calls (at desc);
create index if not exists xero_calls_correlation_idx on public.xero_calls (correlation_id);

create table if not exists public.audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  target text,
  address text,
  request_id text,
  details jsonb not null default '{}'
);
create index if not exists audit_log_at_idx on public.audit_log (at desc);

create table if not exists public.webhook_events (
  tenant_id text not null,
  category text not null,
  resource_id text not null,
  event_type text not null,
  event_at timestamptz not null,
  received_at timestamptz not null default now(),
  primary key (tenant_id, category, resource_id, event_type, event_at)
);

do $$
declare
  t text;
begin
  foreach t in array array['xero_tokens', 'app_settings', 'commands', 'idempotency_keys', 'xero_sync_log', 'sync_schedules', 'xero_failures',
    'xero_conflicts', 'xero_matches', 'xero_cursors', 'xero_calls', 'audit_log', 'webhook_events'] loop
    execute format('alter table public.%I enable row level security', t);
    execute format('revoke all on public.%I from anon, authenticated', t);
  end loop;
end $$;

-- The audit log only grows. Retention (its own function) says so in its transaction before it removes what is too old.
create or replace function public.sync_audit_append_only() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'DELETE' and current_setting('sync.retention', true) = 'on' then return old; end if;
  raise exception 'audit_log is append-only';
end $$;
drop trigger if exists sync_audit_append_only on public.audit_log;
create trigger sync_audit_append_only before update or delete on public.audit_log for each row execute function public.sync_audit_append_only();
