/** Whole statements, and whether they are attacks; none of them is run. */
export const statements: readonly {
  readonly kind: 'attack' | 'legitimate';
  readonly name: string;
  readonly text: string;
}[] = [
  {
    kind: 'attack',
    name: 'statement: always true',
    text: "select name from users where id = 1 or 'a'='a' --'",
  },
  {
    kind: 'attack',
    name: 'statement: joined passwords',
    text: "select title from notes where title = '' union select usename || passwd from pg_shadow",
  },
  {
    kind: 'attack',
    name: 'statement: waits in a condition',
    text: 'select * from notes where id = 1 and pg_sleep(5) is null',
  },
  {
    kind: 'legitimate',
    name: 'statement: a name with an apostrophe',
    text: "select title from notes where title = 'O''Brien''s' order by id limit 10",
  },
  {
    kind: 'legitimate',
    name: 'statement: a grouping',
    text: 'select artist_id, count(*) from album group by artist_id having count(*) > 3',
  },
  {
    kind: 'legitimate',
    name: 'statement: a change',
    text: 'update notes set done = true where id = 7 returning id',
  },
];
