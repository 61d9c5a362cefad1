-- Tables that the application made before us may lack the times that our functions keep. First of all, since those functions are made for them.
do $$
declare
  m record;
begin
  -- A table that has them isn't locked for it.
  for m in
    select t, c from unnest(array['clients', 'projects', 'cost_centers', 'activity_types', 'timesheets', 'invoices']) t, unnest(array['created_at', 'updated_at']) c
    where to_regclass('public.' || t) is not null
      and not exists (select from information_schema.columns where table_schema = 'public' and table_name = t and column_name = c)
  loop
    execute format('alter table public.%I add column %I timestamptz not null default now()', m.t, m.c);
  end loop;
end $$;
