/** Something of everything that types are written of. */
export const shopSchema = `
create type mood as enum ('glad', 'sad''s', 'so "so"');
create type money_of as (amount numeric(12, 2), currency text);
create domain email as text check (value like '%@%');
create domain rating as smallint not null default 3;

create table customer (
  id bigint generated always as identity primary key,
  email email not null unique,
  mood mood,
  moods mood[] not null default '{}',
  settings jsonb not null default '{}',
  balance money_of,
  since timestamptz not null default now(),
  "last seen" date,
  shouted text generated always as (upper(email)) stored
);
create table purchase (
  id uuid primary key default gen_random_uuid(),
  customer_id bigint not null references customer,
  gift_for bigint constraint purchase_gift references customer,
  stars rating,
  valid tstzrange,
  picture bytea,
  paid boolean not null default false
);
create table profile (
  customer_id bigint primary key references customer,
  about text
);
create view glad_customer as select id, email from customer where mood = 'glad';
create view purchase_count as select customer_id, count(*) as purchases from purchase group by 1;

create function label(customer) returns text language sql stable as 'select $1.email || ''!''';
create function greet(name text, times int default 1) returns text language sql as 'select name';
create function customers_like(pattern text) returns setof customer language sql stable
  as 'select * from customer where email like pattern';
create function top_customers(variadic ids bigint[]) returns table (id bigint, total numeric) language sql
  as 'select 1::bigint, 2.5';
create function twice(n int) returns int language sql as 'select n * 2';
create function twice(n text) returns text language sql as 'select n || n';
create function overloaded() returns int language sql as 'select 1';
create function overloaded(a int) returns text language sql as 'select 1::text';
create function take(json) returns void language sql as '';
create function not_callable(int) returns int language sql as 'select 1';
create function on_change() returns trigger language plpgsql as 'begin return new; end';

create schema stock;
create table stock.item (id int primary key, customer_id bigint references public.customer);
`;
