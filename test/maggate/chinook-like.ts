/** A small shop of our own in the shape of Chinook: tables, a composite key, views, row rules, odd names. */
export const chinookLike = `
  create table artist (artist_id serial primary key, name varchar(120));
  create table album (
    album_id serial primary key,
    title varchar(160) not null,
    artist_id int not null constraint album_artist_id_fkey references artist
  );
  create table track (
    track_id serial primary key,
    name varchar(200) not null,
    album_id int references album,
    composer text default 'unknown',
    milliseconds int not null check (milliseconds > 0),
    unit_price numeric(10,2) not null default 0.99,
    explicit boolean,
    created_at timestamptz not null default '2024-01-01Z',
    constraint track_name_album_key unique (name, album_id)
  );
  create table playlist (playlist_id int primary key, name varchar(120));
  create table playlist_track (
    playlist_id int not null references playlist,
    track_id int not null references track,
    primary key (playlist_id, track_id)
  );
  create table tag (a text, b text, note text, primary key (a, b));
  create table log_line (line text not null);
  create table stamped (
    id bigint generated always as identity primary key,
    word text,
    shout text generated always as (upper(word)) stored
  );
  create table "Odd ""Table"" é" (
    "Key" text primary key,
    "two words" int,
    "qu""ote" text,
    "sort" text,
    "limit" int,
    "col.x" text,
    "r" text,
    "naïve" text
  );
  create table secret (id int primary key, word text);
  create view long_track as select track_id, name, milliseconds from track where milliseconds > 300000;
  create view track_count as select album_id, count(*) as tracks from track group by album_id;
  insert into artist (name) values ('AC/DC'), ('Accept'), ('O''Brien & Søn'), (null);
  insert into album (title, artist_id) values ('For Those About To Rock', 1), ('Balls to the Wall', 2), ('100% Cool_Stuff', 3);
  insert into track (name, album_id, composer, milliseconds, unit_price, explicit)
    select 'Track ' || i, 1 + i % 3, case when i % 2 = 0 then 'Young' end, 100000 + i * 10000, i + 0.10, i % 3 = 0
    from generate_series(1, 30) i;
  insert into playlist values (1, 'Music'), (2, 'Other');
  insert into playlist_track select 1, i from generate_series(1, 5) i;
  insert into tag values ('a,b', 'c/d', 'first'), ('x', '%', 'second');
  insert into stamped (word) values ('hello');
  insert into "Odd ""Table"" é" values ('k,1', 1, 'q', 's', 5, 'x', 'r', 'n');
  insert into secret values (1, 'hidden');
  create materialized view artist_names as select name from artist;
`;
