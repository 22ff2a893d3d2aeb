import assert from 'node:assert/strict';
import { type Api, openApi } from './api-harness.ts';

const shop = `
  create table genre (id int primary key, name text not null);
  create table artist (id int primary key, name text);
  create table album (
    id int primary key, title text not null,
    artist_id int not null references artist, cover_by int constraint album_cover_fkey references artist
  );
  create table track (
    id int primary key, name text not null, album_id int references album, genre_id int references genre,
    ms int not null, price numeric(10,2), note text, size point_pair, "dotted.name" int, "group" text
  );
  create table tag (track_id int references track, word text, weight int, primary key (track_id, word));
  create table story (id int primary key, body text, find tsvector generated always as (to_tsvector('english', body)) stored);
  create table person (id int primary key, name text, boss int references person);
  create table team (id int primary key, word text);
  create table member (person int references person, team int references team, primary key (person, team));
  create function seen(person) returns setof team rows 5 language sql stable as 'select t.* from team t where id <= $1.id';
  create table lonely (id int primary key, n int);
  create table line (text text, n int);
  insert into genre values (1, 'Rock'), (2, 'Jazz'), (3, 'Noise');
  insert into artist values (1, 'Ada'), (2, 'Bo'), (3, null);
  insert into album values (1, 'One', 1, 2), (2, 'Two', 1, null), (3, 'Three', 2, 1);
  insert into track (id, name, album_id, genre_id, ms, price, note, size, "dotted.name", "group") values
    (1, 'a*b', 1, 1, 100, 1.50, 'the quick fox', (1, 2), 7, 'g'),
    (2, 'aXb', 1, 1, 200, 2.50, 'a lazy dog', (3, 4), 8, 'h'),
    (3, 'c,d', 2, 2, 300, null, 'foxes and dogs', null, null, null),
    (4, 'e)"f', 3, 2, 400, 0.99, null, null, null, null),
    (5, '', null, null, 500, 9.00, 'fox fox fox', null, null, null);
  insert into tag values (1, 'x', 3), (1, 'y', 1), (1, 'z', 2), (2, 'x', 5);
  insert into story values (1, 'Running quickly'), (2, 'A run is a run is a run'), (3, 'Sleep');
  insert into lonely values (1, 1);
  insert into person values (1, 'a', null), (2, 'b', 1), (3, 'c', 1);
  insert into team values (1, 'x'), (2, 'y');
  insert into member values (1, 2), (1, 1), (2, 2);
  insert into line values ('l', 1);
  create view long_track as select id, name, ms from track where ms > 250;
`;

describe('MagGate: lists of relations, groups and searches', () => {
  let api: Api;
  before(async function () {
    this.timeout(60_000);
    api = await openApi(`create type point_pair as (x int, y int); ${shop}`, {
      defaultLimit: 10,
      maxLimit: 25,
    });
  });
  after(() => api.close());

  const data: readonly (readonly [path: string, rows: unknown])[] = [
    // relations
    ['track?fields=id,album(id,title)&id=1', [{ id: 1, album: { id: 1, title: 'One' } }]],
    ['track?fields=id,album(title)&id=5', [{ id: 5, album: null }]],
    [
      'track?fields=album(title,artist!album_artist_id_fkey(name))&id=3',
      [{ album: { title: 'Two', artist: { name: 'Ada' } } }],
    ],
    ['track?fields=id,album(title):record&id=1', [{ id: 1, record: { title: 'One' } }]],
    ['track?fields=id:number,name:called&id=2', [{ number: 2, called: 'aXb' }]],
    ['track?fields=id,...album(title)&id=1', [{ id: 1, title: 'One' }]],
    ['track?fields=id,tag!inner(word)&tag.word=y', [{ id: 1, tag: [{ word: 'y' }] }]],
    [
      'track?fields=id,tag(word)&id=in.(2,3)',
      [
        { id: 2, tag: [{ word: 'x' }] },
        { id: 3, tag: [] },
      ],
    ],
    ['track?fields=id,tag(word)&id=1&tag.limit=2', [{ id: 1, tag: [{ word: 'x' }, { word: 'y' }] }]],
    [
      'track?fields=id,tag(word)&id=1&tag.sort=weight:desc&tag.limit=2',
      [{ id: 1, tag: [{ word: 'x' }, { word: 'z' }] }],
    ],
    [
      'track?fields=id,tag(word)&id=1&tag.or=(word.eq.y,weight.gt.2)&tag.sort=word',
      [{ id: 1, tag: [{ word: 'x' }, { word: 'y' }] }],
    ],
    ['track?fields=id,tag()&tag=is.not_null', [{ id: 1 }, { id: 2 }]],
    ['track?fields=id,tag()&tag=is.null&id=lt.5', [{ id: 3 }, { id: 4 }]],
    ['track?fields=id,tag(count())&id=1', [{ id: 1, tag: [{ count: 3 }] }]],
    [
      'album?fields=*,artist!cover_by(name)&id=1',
      [{ id: 1, title: 'One', artist_id: 1, cover_by: 2, artist: { name: 'Bo' } }],
    ],
    [
      'track?fields=id,album!inner(title)&album.title=One&sort=id:desc',
      [
        { id: 2, album: { title: 'One' } },
        { id: 1, album: { title: 'One' } },
      ],
    ],
    ['person?fields=team(word)&id=1', [{ team: [{ word: 'x' }, { word: 'y' }] }]],
    ['person?fields=person(id)&id=1', [{ person: [{ id: 2 }, { id: 3 }] }]],
    ['person?fields=boss(name)&id=2', [{ boss: { name: 'a' } }]],
    ['person?fields=seen(word)&id=1', [{ seen: [{ word: 'x' }] }]],
    ['person?fields=...team(word)&id=1', [{ word: ['x', 'y'] }]],
    ['person?fields=member(team(word))&id=2&member.team.word=x', [{ member: [{ team: null }] }]],
    // conditions
    ['track?or=(id.eq.1,ms.gte.500)&fields=id', [{ id: 1 }, { id: 5 }]],
    [
      'track?or=(id.eq.1,and(ms.gt.100,ms.lt.400,not.or(id.eq.2,name.is.null)))&fields=id',
      [{ id: 1 }, { id: 3 }],
    ],
    ['track?not.and=(id.gt.1,id.lt.5)&fields=id', [{ id: 1 }, { id: 5 }]],
    ['track?or=(id.eq.1,id.eq.2)&or=(ms.eq.200,ms.eq.300)&fields=id', [{ id: 2 }]],
    ['track?or=(name.eq."c,d",name.eq."e)\\"f")&fields=id', [{ id: 3 }, { id: 4 }]],
    [
      'track?or=(id.in.(1,2),name.in.("c,d","(")) &fields=id'.replace(' ', ''),
      [{ id: 1 }, { id: 2 }, { id: 3 }],
    ],
    ['track?or=(id.not.in.(1,2,3,4),id.not.gt.1)&fields=id', [{ id: 1 }, { id: 5 }]],
    ['track?or=(name.like.a*b)&fields=id', [{ id: 1 }]],
    ['track?or=(name.eq.)&fields=id', [{ id: 5 }]],
    ['track?or=(size.eq."(1,2)")&fields=id', [{ id: 1 }]],
    ['track?and=(size.neq."(1,2)")&fields=id', [{ id: 2 }]],
    ['track?or=("dotted.name".eq.8)&fields=id', [{ id: 2 }]],
    ['track?or=(id.gt.0)&dotted.name=7&fields=id', [{ id: 1 }]],
    ['track?or=(id.eq.1)&col.group=g&fields=id', [{ id: 1 }]],
    ['track?or=(id.in.())&fields=id', []],
    ['track?or=(id.gt.0)&name=in.""&fields=id', [{ id: 5 }]],
    // groups
    [
      'track?group=genre_id',
      [
        { genre_id: 1, count: 2 },
        { genre_id: 2, count: 2 },
        { genre_id: null, count: 1 },
      ],
    ],
    [
      'track?group=genre_id&fields=genre_id,count(),avg(ms):mean&having=count().gt.1',
      [
        { genre_id: 1, count: 2, mean: 150 },
        { genre_id: 2, count: 2, mean: 350 },
      ],
    ],
    [
      'track?group=genre_id&fields=sum(ms):total&sort=total:desc',
      [{ total: 700 }, { total: 500 }, { total: 300 }],
    ],
    [
      'track?group=genre_id&fields=genre_id&having=or(sum(ms).eq.500,genre_id.eq.1)',
      [{ genre_id: 1 }, { genre_id: null }],
    ],
    [
      'track?group=genre_id&fields=genre(name),count()&having=genre_id.not.is.null',
      [
        { genre: { name: 'Rock' }, count: 2 },
        { genre: { name: 'Jazz' }, count: 2 },
      ],
    ],
    ['track?fields=count(),max(price):top,min(price):low', [{ count: 5, top: 9, low: 0.99 }]],
    ['track?fields=count(note):notes&id=lt.5', [{ notes: 3 }]],
    ['track?fields=count()&having=count().gt.100', []],
    // distinct
    ['track?distinct=true&fields=genre_id', [{ genre_id: 1 }, { genre_id: 2 }, { genre_id: null }]],
    [
      'track?distinct=true&fields=genre_id&sort=genre_id:desc:nullslast',
      [{ genre_id: 2 }, { genre_id: 1 }, { genre_id: null }],
    ],
    ['track?distinct=genre_id&fields=id&sort=ms:desc', [{ id: 2 }, { id: 4 }, { id: 5 }]],
    ['track?distinct=genre_id&fields=id&sort=genre_id:desc:nullslast,ms', [{ id: 3 }, { id: 1 }, { id: 5 }]],
    // searches
    ['track?search=fox&fields=id', [{ id: 5 }, { id: 1 }, { id: 3 }]],
    ['track?search=fox -quick&fields=id&sort=id', [{ id: 3 }, { id: 5 }]],
    ['track?search="lazy dog"&fields=id', [{ id: 2 }]],
    ['story?search=run&fields=id', [{ id: 2 }, { id: 1 }]],
    ['track?or=(id.gt.0)&q=*&fields=id', [{ id: 1 }]],
    ['long_track?or=(id.eq.3,id.eq.5)&sort=id&fields=id', [{ id: 3 }, { id: 5 }]],
  ];
  for (const [path, rows] of data) {
    it(`GET /api/${path}`, async () => {
      const answer = await api.call('GET', `/api/${path}`);
      assert.equal(answer.status, 200, `${answer.message} ${answer.fix}`);
      assert.deepEqual(answer.body.data, rows);
    });
  }

  const refused: readonly (readonly [path: string, code: string, text: RegExp])[] = [
    ['track?fields=id,albun(title)', 'MF408', /Did you mean "album"/],
    ['lonely?fields=track(id)', 'MF408', /no relationships/],
    ['album?fields=artist(name)', 'MF408', /artist!album_artist_id_fkey\(…\), artist!album_cover_fkey\(…\)/],
    ['track?fields=album!nope(title)', 'MF408', /by "nope"/],
    ['track?fields=id,album(titel)', 'MF402', /Did you mean "title"/],
    ['track?fields=id,album(title):id', 'MF405', /shown as "id"/],
    ['track?fields=album(title),album(id)', 'MF405', /shown as "album"/],
    ['track?fields=id,album(title', 'MF405', /at the end: expected \)/],
    ['track?fields=id,album(title))', 'MF405', /before "\)"/],
    ['track?fields=id,avg()', 'MF405', /avg needs a column/],
    ['track?fields=id,album!inner', 'MF405', /expected \( and the columns/],
    [`track?fields=${'album('.repeat(40)}`, 'MF405', /32 deep/],
    ['track?fields=id,tag(word)&tag.limit=26', 'MF405', /1 to 25/],
    ['track?fields=id,tag(word)&tag.wrod=x', 'MF402', /Did you mean "word"/],
    ['track?fields=id,tag(word)&tag=eq.x', 'MF405', /embedded relation/],
    ['track?fields=id,tag(word)&tog.word=x', 'MF402', /no column "tog.word"/],
    ['track?fields=id,...album(count())', 'MF405', /Embed it without the dots/],
    ['track?or=(id.eq.1', 'MF405', /expected , or \)/],
    ['track?or=id.eq.1', 'MF405', /expected \(/],
    ['track?or=(id.1)', 'MF405', /expected one of eq, neq/],
    ['track?or=(nmae.eq.1)', 'MF402', /Did you mean "name"/],
    ['track?or=(id.eq.x)', 'MF405', /"id" \(integer\)/],
    ['track?or=(id.is.true)', 'MF405', /boolean column/],
    ['track?or=(id.is.constructor)', 'MF405', /is.constructor is not known/],
    [`track?or=${'(and'.repeat(40)}`, 'MF405', /32 deep/],
    ['track?or=(count().gt.5)', 'MF405', /expected a column/],
    ['track?group=gener_id', 'MF402', /Did you mean "genre_id"/],
    ['track?group=genre_id&fields=name,count()', 'MF405', /Write group=name, or an aggregate: max\(name\)/],
    ['track?fields=name,count()', 'MF405', /not grouped by it/],
    ['track?group=genre_id&sort=ms', 'MF405', /Sort by one of: genre_id, count/],
    ['track?group=genre_id&having=ms.gt.5', 'MF405', /having=max\(ms\)/],
    ['track?group=genre_id&having=count().is.constructor', 'MF405', /is.null or is.not_null/],
    ['track?group=genre_id&having=avg(mss).gt.5', 'MF402', /Did you mean "ms"/],
    ['track?group=genre_id&having=count().gt.x', 'MF405', /bad value/],
    ['track?group=genre_id&distinct=true', 'MF405', /distinct already/],
    ['track?group=genre_id&cursor=', 'MF405', /cursor does not go together with group/],
    ['track?distinct=genre_id&cursor=', 'MF405', /with distinct/],
    ['track?distinct=true&fields=id&sort=name', 'MF405', /Sort by one of: id/],
    ['track?distinct=gener_id', 'MF402', /Did you mean "genre_id"/],
    ['lonely?search=x', 'MF405', /no text that search/],
    ['track?search=', 'MF405', /search is empty/],
    ['track?search=x&search=y', 'MF405', /given twice/],
    ['line?cursor=', 'MF405', /no primary key/],
    ['long_track?cursor=', 'MF405', /no primary key/],
    ['track?cursor=&page=2', 'MF405', /either numbered pages or a cursor/],
    ['track/1?fields=id,count()', 'MF405', /no aggregates/],
    ['track/1?fields=id,album(title)&name=x', 'MF405', /no meaning here/],
    ['track/x?fields=id,album(title)', 'MF406', /"id" \(integer\)/],
    ['track/99?fields=id,album(title)', 'MF404', /with id 99/],
  ];
  for (const [path, code, text] of refused) {
    it(`GET /api/${path.slice(0, 80)} is refused with ${code}`, async () => {
      const answer = await api.call('GET', `/api/${path}`);
      assert.equal(answer.code, code, answer.text || answer.message);
      assert.match(`${answer.message} ${answer.fix}`, text);
    });
  }

  it('one row shows relations, too', async () => {
    const { body } = await api.call(
      'GET',
      '/api/track/1?fields=id,album(title),tag(word)&tag.sort=word:desc&tag.limit=1',
    );
    assert.deepEqual(body, { data: { id: 1, album: { title: 'One' }, tag: [{ word: 'z' }] }, meta: {} });
    const { body: one } = await api.call('GET', '/api/tag/1,x?fields=weight,track(name)');
    assert.deepEqual(one.data, { weight: 3, track: { name: 'a*b' } });
  });

  it('meta has the page, hasMore and the number of what is listed', async () => {
    const meta = async (path: string) => (await api.call('GET', `/api/${path}`)).body.meta;
    assert.deepEqual(await meta('track?fields=id,album(id)&limit=2&page=2&count=exact'), {
      limit: 2,
      page: 2,
      hasMore: true,
      total: 5,
    });
    assert.deepEqual(await meta('track?group=genre_id&limit=2&count=exact'), {
      limit: 2,
      page: 1,
      hasMore: true,
      total: 3,
    });
    assert.deepEqual(await meta('track?fields=id,tag!inner(word)&count=exact'), {
      limit: 10,
      page: 1,
      hasMore: false,
      total: 2,
    });
    assert.deepEqual(await meta('track?fields=count()&count=exact'), {
      limit: 10,
      page: 1,
      hasMore: false,
      total: 1,
    });
  });

  it('what a relation may embed at most is what a list may show at most', async () => {
    await api.sql(
      'insert into lonely select i, i from generate_series(100, 101) i; create table many (id int primary key, lonely_id int references lonely); insert into many select i, 100 from generate_series(1, 60) i; grant all on many to service_role',
    );
    await api.reload();
    const { body } = await api.call('GET', '/api/lonely?fields=id,many(id)&id=100');
    assert.equal(body.data[0].many.length, 25);
  });

  it("a hook's conditions hold for trees, whatever the caller writes", async () => {
    const list = await api.call('GET', '/api/track?or=(id.gt.0,id.lt.0)&fields=id,album(id)', {
      filter: 'ms=lt.300',
    });
    assert.deepEqual(
      list.body.data.map(({ id }: { id: number }) => id),
      [1, 2],
    );
    const either = await api.call('GET', '/api/track?fields=id', { filter: 'or=(id.eq.1,id.eq.5)' });
    assert.deepEqual(either.body.data, [{ id: 1 }, { id: 5 }]);
    const row = await api.call('GET', '/api/track/4?fields=id,album(id)', { filter: 'ms=lt.300' });
    assert.equal(row.code, 'MF404');
    const odd = await api.call('GET', '/api/track?or=(id.gt.0)', { filter: 'limit=5' });
    assert.equal(odd.code, 'MF405');
  });

  it('a key narrowed to tables is asked for every table that is read', () => {
    const plan = api.plan('GET', '/api/genre?fields=id,track(id,tag(word))');
    assert.ok('sql' in plan);
    assert.deepEqual(
      plan.further?.map(({ operation, table }) => `${operation} ${table.name}`),
      ['select track', 'select tag'],
    );
  });

  it('a table that may not be read is named when it is embedded', async () => {
    await api.sql('grant select on track to anon');
    const answer = await api.call('GET', '/api/track?fields=id,album(id)', { role: 'anon' });
    assert.deepEqual([answer.code, answer.details?.['table']], ['MF403', 'album']);
  });

  it('no value becomes text of the statement, and pages share one text', () => {
    const sql = (path: string) => {
      const plan = api.plan('GET', `/api/track?${path}`);
      assert.ok('sql' in plan);
      return plan.sql;
    };
    const odd = `or=(name.eq."'; drop table track; --")&search=';--&fields=id,album(id)`;
    assert.doesNotMatch(sql(odd), /drop|;--/);
    assert.equal(sql('fields=id,album(id)&page=2&limit=3'), sql('fields=id,album(id)&page=7&limit=3'));
  });

  it('a column whose name looks like a relation is still a column', async () => {
    await api.sql(
      'create table odd (id int primary key, "a(b)" int, "c:d" int, "*" int); insert into odd values (1, 2, 3, 4); grant all on odd to service_role',
    );
    await api.reload();
    for (const [fields, row] of [
      ['a(b)', { 'a(b)': 2 }],
      ['"c:d"', { 'c:d': 3 }],
      ['*', { '*': 4 }],
    ] as const) {
      assert.deepEqual((await api.call('GET', `/api/odd?fields=${fields}`)).body.data, [row]);
    }
  });
});
