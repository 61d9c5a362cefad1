-- AmpedFieldOps' own tables, as far as the sync needs them. On a database that has them already, rows, columns and policies stay as they are and
-- only what is missing is added. A table made here gets row level security with no policy: the service role alone reads it until the
-- application says otherwise. (docs/adr/0004)

do $$
begin
  if not exists (select from pg_roles where rolname = 'anon') then create role anon nologin noinherit; end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then create role authenticated nologin noinherit; end if;
  if not exists (select from pg_roles where rolname = 'service_role') then create role service_role nologin noinherit bypassrls; end if;
end $$;
grant usage on schema public to anon, authenticated, service_role;

do $$
declare
  t text;
begin
  foreach t in array array['clients', 'projects', 'cost_centers', 'activity_types', 'timesheets', 'invoices'] loop
    if to_regclass('public.' || t) is null then
      execute format('create table public.%I (id uuid primary key default gen_random_uuid(), created_at timestamptz not null default now(), updated_at timestamptz not null default now())', t);
      execute format('alter table public.%I enable row level security', t);
    end if;
  end loop;
end $$;

alter table public.clients
  add column if not exists name text not null default '',
  add column if not exists first_name text,
  add column if not exists last_name text,
  add column if not exists email text,
  add column if not exists phone text,
  add column if not exists mobile text,
  add column if not exists street text,
  add column if not exists city text,
  add column if not exists region text,
  add column if not exists postal_code text,
  add column if not exists country text,
  add column if not exists tax_number text,
  add column if not exists account_number text,
  add column if not exists archived_at timestamptz,
  add column if not exists created_at timestamptz not null default now(),
  add column if not exists updated_at timestamptz not null default now(),
  -- Grows with every change of a synced field; what Xero has seen is xero_synced_revision.
  add column if not exists revision bigint not null default 1,
  add column if not exists xero_contact_id text,
  add column if not exists xero_synced_at timestamptz,
  add column if not exists xero_synced_revision bigint,
  add column if not exists xero_snapshot jsonb,
  add column if not exists xero_contact_status text;
create unique index if not exists clients_xero_contact_id_key on public.clients (xero_contact_id);
create index if not exists clients_unsynced_idx on public.clients (id) where xero_synced_revision is distinct from revision;

alter table public.projects
  add column if not exists code text not null default '',
  add column if not exists name text not null default '',
  add column if not exists client_id uuid references public.clients (id);
create unique index if not exists projects_code_key on public.projects (code);

alter table public.cost_centers
  add column if not exists project_id uuid references public.projects (id),
  add column if not exists name text not null default '',
  add column if not exists customer_po_number text,
  add column if not exists po_amount numeric(14, 2),
  add column if not exists po_expires_on date,
  add column if not exists tracking_option text;

alter table public.activity_types
  add column if not exists name text not null default '',
  add column if not exists default_rate numeric(12, 4),
  add column if not exists xero_item_id text,
  add column if not exists xero_item_code text,
  add column if not exists managed_by_xero boolean not null default false,
  add column if not exists description text,
  add column if not exists account_code text,
  add column if not exists tax_type text,
  add column if not exists missing_in_xero_at timestamptz;
create unique index if not exists activity_types_xero_item_id_key on public.activity_types (xero_item_id);

alter table public.invoices
  add column if not exists cost_center_id uuid references public.cost_centers (id),
  add column if not exists client_id uuid references public.clients (id),
  add column if not exists command_id uuid,
  add column if not exists number text,
  add column if not exists reference text,
  add column if not exists state text not null default 'claimed',
  -- Each claim of the row by a process raises the fence; a step with an older one changes nothing.
  add column if not exists fence bigint not null default 0,
  -- The exact body as it was sent, so that a repeat under the same key is byte for byte the same.
  add column if not exists body text,
  add column if not exists idempotency_key text,
  add column if not exists sent_at timestamptz,
  add column if not exists lines jsonb,
  add column if not exists net numeric(14, 2),
  add column if not exists tax numeric(14, 2),
  add column if not exists total numeric(14, 2),
  add column if not exists currency text,
  add column if not exists issued_on date,
  add column if not exists due_on date,
  add column if not exists xero_invoice_id text,
  add column if not exists xero_status text,
  add column if not exists xero_updated_at timestamptz,
  add column if not exists payment_status text,
  add column if not exists amount_due numeric(14, 2),
  add column if not exists amount_paid numeric(14, 2),
  add column if not exists amount_credited numeric(14, 2),
  add column if not exists fully_paid_on date,
  add column if not exists note_text text,
  add column if not exists note_tried_at timestamptz,
  add column if not exists note_written_at timestamptz;
create unique index if not exists invoices_number_key on public.invoices (number);
create unique index if not exists invoices_xero_invoice_id_key on public.invoices (xero_invoice_id);
create index if not exists invoices_open_idx on public.invoices (state) where state in ('claimed', 'sending', 'unknown');
do $$
begin
  if not exists (select from pg_constraint where conname = 'invoices_state_known') then
    alter table public.invoices add constraint invoices_state_known
      check (state in ('claimed', 'sending', 'unknown', 'issued', 'refused', 'voided')) not valid;
    alter table public.invoices add constraint invoices_payment_status_known
      check (payment_status in ('Paid', 'Unpaid', 'Overdue')) not valid;
  end if;
end $$;

alter table public.timesheets
  add column if not exists cost_center_id uuid references public.cost_centers (id),
  add column if not exists activity_type_id uuid references public.activity_types (id),
  add column if not exists worker_name text not null default '',
  add column if not exists work_date date,
  add column if not exists hours numeric(8, 4),
  add column if not exists rate numeric(12, 4),
  add column if not exists status text not null default 'draft',
  add column if not exists approved_by text,
  add column if not exists approved_at timestamptz,
  add column if not exists invoiced boolean not null default false,
  add column if not exists invoice_id uuid references public.invoices (id),
  -- Billed outside of this product (before go-live, by hand): never billed here.
  add column if not exists billed_elsewhere_at timestamptz;
create index if not exists timesheets_billable_idx on public.timesheets (cost_center_id)
  where status = 'approved' and not invoiced and invoice_id is null and billed_elsewhere_at is null;
create index if not exists timesheets_invoice_id_idx on public.timesheets (invoice_id);

create or replace function public.sync_clients_revision() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if (new.name, new.first_name, new.last_name, new.email, new.phone, new.mobile, new.street, new.city, new.region, new.postal_code,
      new.country, new.tax_number, new.account_number, new.archived_at is null)
    is distinct from
     (old.name, old.first_name, old.last_name, old.email, old.phone, old.mobile, old.street, old.city, old.region, old.postal_code,
      old.country, old.tax_number, old.account_number, old.archived_at is null)
  then
    new.revision := old.revision + 1;
    new.updated_at := now();
  end if;
  return new;
end $$;
drop trigger if exists sync_clients_revision on public.clients;
create trigger sync_clients_revision before update on public.clients for each row execute function public.sync_clients_revision();
