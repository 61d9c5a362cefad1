-- A note whose answer was lost may still arrive at Xero. Whoever gets a copy of its message before it must have come (after a wiped Redis, or a peer's death)
-- would look too soon, find nothing and write a second one: so the invoice waits, not the message alone.

-- written: it is there. unsent: surely not, try again later. unsure: read the history before the next try, which is not before `p_wait_ms`. refused: for
-- good, with Xero's words. A service of the version before waits for nothing.
drop function if exists public.sync_invoice_note_end(uuid, text, text);
create or replace function public.sync_invoice_note_end(p_id uuid, p_how text, p_message text, p_wait_ms bigint default 0) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  i invoices;
begin
  update invoices set
    note_written_at = case when p_how = 'written' then now() end,
    note_tried_at = case when p_how = 'unsent' then null else note_tried_at end,
    note_text = case when p_how = 'refused' then null else note_text end,
    wait_until = case when p_how = 'unsure' then now() + p_wait_ms * interval '1 millisecond' end
    where id = p_id and note_written_at is null returning * into i;
  if found and p_how = 'refused' then
    perform sync_invoice_fail(i, jsonb_build_object('code', 'AFO-420', 'message', p_message));
  end if;
end $$;

select public.sync_lock_down();
