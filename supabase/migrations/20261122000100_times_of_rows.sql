-- Tables that the application made before us may lack the times that our functions keep. First of all, since those functions are made for them.
do $$
declare
  t text;
begin
  foreach t in array array['clients', 'projects', 'cost_centers', 'activity_types', 'timesheets', 'invoices'] loop
    if to_regclass('public.' || t) is not null then
      execute format('alter table public.%I add column if not exists created_at timestamptz not null default now(),
        add column if not exists updated_at timestamptz not null default now()', t);
    end if;
  end loop;
end $$;
