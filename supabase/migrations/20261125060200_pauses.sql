-- Services that a person has paused: they read no message until resumed. What they were doing goes on to its end, what comes in waits.

create table if not exists public.sync_pauses (
  service text primary key,
  paused_at timestamptz not null default now(),
  paused_by text not null,
  reason text
);
alter table public.sync_pauses enable row level security;
revoke all on public.sync_pauses from anon, authenticated;

create or replace function public.sync_pauses_list() returns jsonb
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('service', service, 'at', paused_at, 'by', paused_by, 'reason', reason) order by service), '[]') from sync_pauses
$$;

-- Pausing what is paused changes nothing: who did it first is kept.
create or replace function public.sync_pause(p_services text, p_by text, p_reason text) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into sync_pauses (service, paused_by, reason) select x, p_by, p_reason from jsonb_array_elements_text(p_services::jsonb) x on conflict do nothing;
  return sync_pauses_list();
end $$;

create or replace function public.sync_resume(p_services text) returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from sync_pauses where service in (select jsonb_array_elements_text(p_services::jsonb));
  return sync_pauses_list();
end $$;

create or replace function public.sync_is_paused(p_service text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from sync_pauses where service = p_service)
$$;

select public.sync_lock_down();
