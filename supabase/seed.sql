-- A believable field-service company for the demo and the tests: 40 clients (some with awkward names), 12 projects, 18 cost centres with and without a
-- purchase order, 600 timesheets in every status. Ids are derived from names and numbers, so that every run tells the same story; days count back from today.
-- Some clients are also contacts in the sandbox's Xero (sandbox/src/xero/seed), written a little differently there, as in life.

create function pg_temp.seed_id(p_kind text, p_n int) returns uuid language sql immutable as $$
  select (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-4' || substr(h, 14, 3) || '-a' || substr(h, 18, 3) || '-' || substr(h, 21, 12))::uuid
  from (select md5('ampedfieldops ' || p_kind || ' ' || p_n) as h) x
$$;

insert into public.clients (id, name, first_name, last_name, email, phone, mobile, street, city, region, postal_code, country, tax_number, account_number)
select pg_temp.seed_id('client', n), name, first_name, last_name, email, phone, mobile, street, city, region, postal_code, country, tax_number, account_number
from (values
  (1, 'Harbourview Property Group', 'Mere', 'Thompson', 'accounts@harbourview.example', '09 555 0101', '021 555 101', '12 Quay Street', 'Auckland', 'Auckland', '1010', 'New Zealand', '101-202-303', 'HPG01'),
  (2, 'Harbour Freight Logistics', 'Tom', 'Ngata', 'ap@harbourfreight.co.example', '07 5742210', '021 774310', '88 Hewletts Road', 'Mount Maunganui', null, '3116', 'New Zealand', null, null),
  (3, 'O''Brien & Sons Builders', 'Sean', 'O''Brien', 'sean@obrienbuilders.example', '04 555 0103', '027 555 103', '88 Hutt Road', 'Wellington', 'Wellington', '6035', 'New Zealand', null, null),
  (4, 'Cafe Voltaire', 'Élodie', 'Marchand', 'Bonjour@CafeVoltaire.co.example', '04 3850117', null, '27 Cuba Street', 'Wellington', null, '6011', 'New Zealand', null, null),
  (5, 'Southern Cross Refrigeration Ltd', 'Grant', 'McLeod', 'grant@scrl.example', '03 555 0105', '021 555 105', '7 Print Place', 'Christchurch', 'Canterbury', '8024', 'New Zealand', '111-222-333', 'SCR01'),
  (6, 'Ridgeway University', 'Helen', 'Marsh', 'accounts@ridgeway.ac.example', '09 3739944', null, '12 Symonds Street', 'Auckland', null, '1010', 'New Zealand', null, null),
  (7, 'Kowhai Dairy Co-operative', 'Aroha', 'Tūhoe', 'invoices@kowhaidairy.co.example', '07 8713300', null, '401 Cambridge Road', 'Te Awamutu', null, '3800', 'New Zealand', null, null),
  (8, 'Glenfield Medical Centre', 'Dr Anil', 'Desai', 'practice@glenfieldmedical.co.example', '09 4444414', null, '452 Glenfield Road', 'Auckland', null, '0629', 'New Zealand', null, null),
  (9, 'Fjordland Adventure Tours', 'Jack', 'Morrison', 'bookings@fjordlandtours.example', '03 555 0109', '021 555 109', '2 Lakefront Drive', 'Te Anau', 'Southland', '9600', 'New Zealand', null, null),
  (10, 'St Mary’s School', 'Bronwyn', 'Hughes', 'office@stmarys-hamilton.school.example', '07 8388020', null, '39 Clyde Street', 'Hamilton', null, '3216', 'New Zealand', null, null),
  (11, 'Müller Refrigeration', 'Jürgen', 'Müller', 'service@mueller-refrigeration.co.example', '03 3389001', null, '22 Wrights Road', 'Christchurch', null, '8024', 'New Zealand', null, null),
  (12, 'Barossa Valley Winery Pty Ltd', 'Karl', 'Lehmann', 'accounts@bvwinery.example', '08 85622000', null, '77 Para Road', 'Tanunda', 'SA', '5352', 'Australia', '51824753556', null),
  (13, 'Greenstone Engineering', 'Tane', 'Hohepa', 'tane@greenstone.example', '03 555 0113', '027 555 113', '15 Tainui Street', 'Greymouth', 'West Coast', '7805', 'New Zealand', null, 'GSE01'),
  (14, 'Northgate Property Trust', 'Graham', 'Bell', 'payables@northgate.example', '09 4108800', null, '1 Lake Pupuke Drive', 'Auckland', null, '0622', 'New Zealand', null, null),
  (15, 'St. Mary''s Hospital Trust', 'Brigid', 'Kelly', 'facilities@stmarys.example', '04 555 0115', null, '1 Clyde Quay', 'Wellington', 'Wellington', '6011', 'New Zealand', '131-242-353', 'SMH01'),
  (16, 'O''Sullivan Plumbing & Gas', 'Niamh', 'O''Sullivan', 'office@osullivanplumbing.co.example', null, '027 4419023', '3 Barbadoes Street', 'Christchurch', null, '8011', 'New Zealand', null, null),
  (17, 'Coromandel Gold Lodge', 'Peter', 'Ashby', 'stay@goldlodge.example', '07 555 0117', null, '18 Kapanga Road', 'Coromandel', 'Waikato', '3506', 'New Zealand', null, null),
  (18, 'Ashby Holdings', 'Peter', 'Ashby', 'stay@goldlodge.example', '07 555 0118', null, '18 Kapanga Road', 'Coromandel', 'Waikato', '3506', 'New Zealand', null, null),
  (19, 'Southern Alps Cableways', 'Jess', 'McKay', 'jess.mckay@sacableways.co.example', '03 4427540', null, '53 Brecon Street', 'Queenstown', null, '9300', 'New Zealand', null, null),
  (20, 'Riverside Apartments Body Corporate 88123', null, null, 'bc88123@strataone.co.example', null, null, '1 Parliament Street', 'Auckland', null, '1010', 'New Zealand', null, null),
  (21, 'Rangitoto Marine Services', 'Hemi', 'Walters', 'hemi@rangitotomarine.example', '09 555 0121', '027 555 121', '3 Hamer Street', 'Auckland', 'Auckland', '1010', 'New Zealand', null, 'RMS01'),
  (22, 'Hawke''s Bay Orchards', 'Lucy', 'Te Rangi', 'lucy@hborchards.example', '06 555 0122', null, '640 Pakowhai Road', 'Hastings', 'Hawke''s Bay', '4130', 'New Zealand', null, null),
  (23, 'Lakeside Motel', 'Ken', 'Ito', 'ken@lakesidemotel.example', '07 555 0123', null, '11 Lake Terrace', 'Taupō', 'Waikato', '3330', 'New Zealand', null, null),
  (24, 'Te Papa Builders Ltd', 'Wiremu', 'Parata', 'wiremu@tepapabuilders.co.example', null, '022 6503318', '14 Jackson Street', 'Lower Hutt', null, '5012', 'New Zealand', null, null),
  (25, 'Pacific Data Centres', 'Sione', 'Fonua', 'ap@pacificdc.co.example', '09 9220011', null, '6 Orbit Drive', 'Auckland', null, '0632', 'New Zealand', null, null),
  (26, 'Peninsula Vets', 'Sarah', 'Grey', 'clinic@peninsulavets.example', '03 555 0126', '027 555 126', '52 Bayview Road', 'Dunedin', 'Otago', '9012', 'New Zealand', null, null),
  (27, 'Te Awa Shopping Centre', 'Rangi', 'Paki', 'centre@teawa.example', '07 555 0127', null, '1 The Base Parade', 'Hamilton', 'Waikato', '3200', 'New Zealand', null, 'TAS01'),
  (28, 'Blue Penguin Print', 'Olive', 'Young', 'olive@bluepenguin.example', '03 555 0128', null, '8 Harbour Street', 'Oamaru', 'Otago', '9400', 'New Zealand', null, null),
  (29, 'Hana and Sons Electrical', 'Hana', 'Suzuki', 'hana@hanaandsons.co.example', null, '021 0238844', '5 Victoria Avenue', 'Whanganui', null, '4500', 'New Zealand', null, null),
  (30, 'Matariki Observatory Trust', 'Ngaire', 'Wilson', 'trust@matariki.example', '03 555 0130', null, '1 Observatory Lane', 'Tekapo', 'Canterbury', '7999', 'New Zealand', null, null),
  (31, 'Bright  Spark   Electrical', 'Tom', 'Lee', 'tom@brightspark.example', '09 555 0131', null, '19 Patiki Road', 'Auckland', 'Auckland', '1026', 'New Zealand', null, null),
  (32, 'Smith <Commercial> Kitchens', 'Joan', 'Smith', 'joan@smithkitchens.example', '04 555 0132', null, '61 Tory Street', 'Wellington', 'Wellington', '6011', 'New Zealand', null, null),
  (33, repeat('The Very Long Registered Name of an Incorporated Society ', 6) , 'Ada', 'Long', 'ada@longname.example', '04 555 0133', null, '1 Long Lane', 'Wellington', 'Wellington', '6011', 'New Zealand', null, null),
  (34, 'Bay Kiwifruit Packhouse', 'Rob', 'Ellery', 'rob@baykiwi.co.example', '07 5730098', null, '210 Young Road', 'Te Puke', null, '3187', 'New Zealand', null, null),
  (35, 'Capital Couriers', 'Raj', 'Patel', 'raj@capitalcouriers.example', '04 555 0135', '022 555 135', '14 Jackson Street', 'Lower Hutt', 'Wellington', '5012', 'New Zealand', null, null),
  (36, 'Otago Sawmills', 'Fraser', 'Calder', null, '03 4894060', null, '118 Gladstone Road', 'Mosgiel', null, '9024', 'New Zealand', null, null),
  (37, 'Redwood Forest Lodge', 'Emil', 'Sørensen', 'emil@redwoodlodge.example', '07 555 0137', null, '5 Long Mile Road', 'Rotorua', 'Bay of Plenty', '3010', 'New Zealand', null, null),
  (38, 'Silver Fern Logistics', 'Moana', 'Reid', 'moana@sflogistics.example', '09 555 0138', '021 555 138', '72 Wiri Station Road', 'Auckland', 'Auckland', '2104', 'New Zealand', '151-262-373', 'SFL01'),
  (39, 'Marlborough Sounds Aquaculture', 'Lena', 'Fischer', 'finance@msaqua.co.example', '03 5737766', null, '9 London Quay', 'Picton', null, '7220', 'New Zealand', null, null),
  (40, 'D''Arcy & Müller Architects', 'Zoë', 'D''Arcy', 'zoe@darcymuller.example', '09 555 0140', '021 555 140', '27 Ponsonby Road', 'Auckland', 'Auckland', '1011', 'New Zealand', null, null)
) as c (n, name, first_name, last_name, email, phone, mobile, street, city, region, postal_code, country, tax_number, account_number);
-- Exactly 300 characters: over what Xero takes, held back with a reason.
update public.clients set name = rpad(name, 300, 'x'), revision = 1 where id = pg_temp.seed_id('client', 33);
update public.clients set revision = 1;

insert into public.projects (id, code, name, client_id)
select pg_temp.seed_id('project', n), 'PROJECT' || lpad(n::text, 3, '0'), name, pg_temp.seed_id('client', client)
from (values
  (1, 'Quay Street refit', 1), (2, 'Branch lighting', 2), (3, 'Hutt Road site power', 3), (4, 'Kitchen extraction', 4),
  (5, 'Cool store monitoring', 5), (6, 'Nurse call upgrade', 6), (7, 'Milk plant controls', 7), (8, 'Consulting rooms', 8),
  (9, 'Gymnasium lighting', 10), (10, 'Freezer hall B', 11), (11, 'Society rooms', 33), (12, 'Ward 3 rewiring', 15)
) as p (n, name, client);

insert into public.cost_centers (id, project_id, name, customer_po_number, po_amount, po_expires_on)
select pg_temp.seed_id('cost centre', n), pg_temp.seed_id('project', project), name, po, amount, current_date + days
from (values
  (1, 1, 'Labor', 'PO-10441', 45000.00, 120), (2, 1, 'Commissioning', 'PO-10442', 25000.00, 120), (3, 2, 'Labor', null, null, null),
  (4, 3, 'Labor', 'OB-7781', 40000.00, 90), (5, 3, 'Variations', null, null, null), (6, 4, 'Labor', 'CK-2026-11', 30000.00, 60),
  (7, 5, 'Labor', 'SC/5501', 42000.00, 200), (8, 5, 'Call-outs', null, null, null), (9, 6, 'Labor', 'KGV 88', 50000.00, 30),
  (10, 6, 'Testing', 'KGV 89', 28000.00, 30), (11, 7, 'Labor', 'RD-30021', 60000.00, 365), (12, 7, 'Shutdown', 'RD-30022', 60000.00, 365),
  (13, 8, 'Labor', null, null, null), (14, 9, 'Labor', 'MEGS-P-17', 35000.00, 75), (15, 10, 'Labor', 'PCS-9', 35000.00, 45),
  (16, 11, 'Labor', 'SOC-1', 30000.00, 45), (17, 12, 'Labor', 'SMH/2026/3', 55000.00, 150), (18, 12, 'Design', 'SMH/2026/4', 20000.00, 150)
) as c (n, project, name, po, amount, days);

-- The first eight carry the codes of items in Xero, so that the first import adopts them; the last two are the company's own.
insert into public.activity_types (id, name, default_rate, xero_item_code)
select pg_temp.seed_id('activity', n), name, rate, code
from (values
  (1, 'Electrician', 104.8875, 'LAB-ELEC'), (2, 'Overtime', 142.5000, 'LAB-OT'), (3, 'Apprentice', 62.3333, 'LAB-APP'),
  (4, 'Refrigeration technician', 121.3425, 'LAB-HVAC'), (5, 'Test and tag', 74.1250, 'LAB-TEST'), (6, 'Project management', 135.0000, 'LAB-PM'),
  (7, 'Engineering design', 172.2222, 'LAB-ENG'), (8, 'Travel', 60.0000, 'TRAVEL'), (9, 'Site induction', 45.0000, null), (10, 'Stand-by', 38.9999, null)
) as a (n, name, rate, code);

insert into public.timesheets (id, cost_center_id, activity_type_id, worker_name, work_date, hours, rate, status, approved_by, approved_at)
select pg_temp.seed_id('timesheet', i), pg_temp.seed_id('cost centre', 1 + (i * 7) % 18), pg_temp.seed_id('activity', 1 + (i / 18 * 3 + i) % 10),
  (array['Aroha Tamihana', 'Ben Carter', 'Chloé Martin', 'Dinesh Kumar', 'Eru Pōmare', 'Frank O''Neill'])[1 + i % 6],
  current_date - 1 - (i * 11) % 45,
  (array[0.25, 0.3333, 0.5, 0.6667, 0.75, 1, 1.3333, 1.75, 2.25, 2.6667, 3.5, 4.25])[1 + (i / 18 * 5 + i) % 12],
  case when i % 17 = 0 then 101.1111 end,
  s.status,
  case when s.status = 'approved' then 'Olivia Grant' end,
  case when s.status = 'approved' then now() - interval '1 hour' end
from generate_series(1, 600) as i
cross join lateral (select case
  when 1 + (i * 7) % 18 = 18 then (array['draft', 'submitted'])[1 + i % 2]
  when i % 10 < 7 then 'approved' when i % 10 = 7 then 'submitted' when i % 10 = 8 then 'draft' else 'rejected' end as status) s;
