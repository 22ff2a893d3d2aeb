import assert from 'node:assert/strict';
import { type Answer, type Api, openApi } from './api-harness.ts';

/** 1,000 rows of every type that lists are sorted by; a third of most columns is NULL, and values repeat. */
const ddl = `
  create type mood as enum ('sad', 'ok', 'happy');
  create type place as (x int, y text);
  create domain percent as numeric(5,2) check (value between 0 and 100);
  create table thing (
    a int, b text, primary key (a, b),
    odd text, at timestamptz, amount numeric, ratio float8, feeling mood, bytes bytea, flag boolean,
    day date, span interval, key uuid, doc jsonb, list int[], share percent, code char(5), pair place,
    name varchar(20) not null default 'n', num int not null default 0
  );
  insert into thing
  select i % 40, 'k' || i,
    case when i % 3 > 0 then (array['', ' ', 'é', 'é', '%_\\\\', '"q"', '''', 'Z', 'a,b', '😀', E'line\\nbreak', 'null', '\\u0000'])[1 + i % 13] end,
    case when i % 3 > 0 then '2024-01-01 00:00:00.123456Z'::timestamptz + (i % 50) * interval '1 microsecond' end,
    case when i % 3 > 0 then (array['NaN', '-1', '0.10', '0.1', '12345678901234567890.123456789', 'Infinity'])[1 + i % 6]::numeric end,
    case when i % 3 > 0 then (array['NaN', '-Infinity', '0.1', '1e-300', '0.30000000000000004', '0.3'])[1 + i % 6]::float8 end,
    case when i % 3 > 0 then (array['sad', 'ok', 'happy'])[1 + i % 3]::mood end,
    case when i % 3 > 0 then decode(lpad(to_hex(i % 7), 4, '0'), 'hex') end,
    case when i % 3 > 0 then i % 2 = 0 end,
    case when i % 3 > 0 then '2020-02-29'::date + i % 9 end,
    case when i % 3 > 0 then (i % 9) * interval '1 day 2 hours' end,
    case when i % 3 > 0 then md5((i % 20)::text)::uuid end,
    case when i % 3 > 0 then jsonb_build_object('n', i % 5) end,
    case when i % 3 > 0 then array[i % 5, null] end,
    case when i % 3 > 0 then i % 10 + 0.25 end,
    case when i % 3 > 0 then 'c' || i % 4 end,
    case when i % 3 > 0 then row(i % 4, 'p')::place end,
    'n' || i % 17, i % 11
  from generate_series(1, 1000) i;
  create table other (id int primary key, n int);
  insert into other select i, i from generate_series(1, 30) i;
  create table note (id int primary key, other_id int references other, words text);
  insert into note select i, 1 + i % 30, repeat('word ', 1 + i % 4) || 'end' from generate_series(1, 60) i;
  create table long (id int primary key, text text not null);
  insert into long select i, repeat('x', 9000) || i from generate_series(1, 3) i;
`;

type Row = Readonly<Record<string, unknown>>;

/** Numbers that look random and are the same in each run (mulberry32). */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  };
}

describe('MagGate: lists with a cursor', () => {
  let api: Api;
  before(async function () {
    this.timeout(120_000);
    api = await openApi(ddl, { defaultLimit: 100, maxLimit: 500 });
  });
  after(() => api.close());

  async function page(path: string): Promise<Answer> {
    const answer = await api.call('GET', path);
    assert.equal(answer.status, 200, `${answer.message} ${answer.fix}`);
    return answer;
  }

  const keyOf = (row: Row): string => `${row['a']}/${row['b']}`;

  /** All rows of a list, page after page of any length; `between` is run after each. */
  async function walk(
    query: string,
    roll: (sides: number) => number,
    between: () => Promise<void> = async () => {},
  ): Promise<string[]> {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: Answer = await page(`/api/thing?${query}&limit=${1 + roll(200)}&cursor=${cursor}`);
      seen.push(...body.data.map(keyOf));
      assert.equal(body.meta.hasMore, body.meta.next !== null);
      cursor = body.meta.next;
      await between();
    }
    return seen;
  }

  const sorts: readonly (readonly [sort: string, order: string])[] = [
    ['', 'a, b'],
    ['a:desc', 'a desc, b'],
    ['b:desc,a', 'b desc, a'],
    ['name,num', 'name, num, a, b'],
    ['odd', 'odd, a, b'],
    ['odd:desc', 'odd desc, a, b'],
    ['odd:asc:nullsfirst', 'odd nulls first, a, b'],
    ['odd:desc:nullslast', 'odd desc nulls last, a, b'],
    ['at', 'at, a, b'],
    ['at:desc:nullslast,num:desc', 'at desc nulls last, num desc, a, b'],
    ['amount', 'amount, a, b'],
    ['ratio:desc', 'ratio desc, a, b'],
    ['feeling:desc,flag', 'feeling desc, flag, a, b'],
    ['bytes', 'bytes, a, b'],
    ['day,span:desc', 'day, span desc, a, b'],
    ['key', 'key, a, b'],
    ['doc:desc', 'doc desc, a, b'],
    ['list', 'list, a, b'],
    ['share:desc', 'share desc, a, b'],
    ['code', 'code, a, b'],
    ['pair', 'pair, a, b'],
  ];
  for (const [index, [sort, order]] of sorts.entries()) {
    it(`finds every row once, sorted by ${sort || 'the key'}, forward and back`, async () => {
      const expected = (await api.query(`select a, b from thing order by ${order}`)).map(keyOf);
      const query = `fields=a,b${sort === '' ? '' : `&sort=${sort}`}`;
      const roll = dice(index);
      assert.deepEqual(await walk(query, roll), expected);

      let answer = await page(`/api/thing?${query}&limit=437&cursor=`);
      answer = await page(`/api/thing?${query}&limit=437&cursor=${answer.body.meta.next}`);
      const back: string[] = [];
      let previous: string | null = answer.body.meta.previous;
      while (previous !== null) {
        const { body }: Answer = await page(`/api/thing?${query}&limit=${1 + roll(200)}&cursor=${previous}`);
        back.unshift(...body.data.map(keyOf));
        assert.equal(body.meta.hasMore, true);
        previous = body.meta.previous;
      }
      assert.deepEqual(back, expected.slice(0, 437));
    });
  }

  for (const sort of ['a', 'odd:desc', 'at:asc:nullsfirst,ratio:desc', 'num:desc,name']) {
    it(`misses and repeats nothing while another session writes, sorted by ${sort}`, async () => {
      const before = (await api.query('select a, b from thing')).map(keyOf);
      const roll = dice(sort.length);
      const gone = new Set<string>();
      let fresh = 0;
      const seen = await walk(`fields=a,b&sort=${sort}`, roll, async () => {
        for (let index = 0; index < 5; index += 1) {
          fresh += 1;
          await api.sql(
            `insert into thing select a, 'new ${sort} ${fresh}', odd, at, amount, ratio from thing where b not like 'new%' order by md5(b || '${fresh}') limit 1`,
          );
        }
        const victim = before[roll(before.length)]!;
        const [a, b] = victim.split('/');
        await api.sql(`delete from thing where a = ${a} and b = '${b}'`);
        gone.add(victim);
      });
      assert.equal(new Set(seen).size, seen.length, 'a row came twice');
      const found = new Set(seen);
      assert.deepEqual(
        before.filter((key) => !gone.has(key) && !found.has(key)),
        [],
      );
      await api.sql("delete from thing where b like 'new%'");
    });
  }

  it('goes on from a row that was deleted, and back to it', async () => {
    const first = await page('/api/other?limit=10&cursor=');
    await api.sql('delete from other where id in (10, 11) and id not in (select other_id from note)');
    await api.sql('delete from note where other_id in (10, 11); delete from other where id in (10, 11)');
    const second = await page(`/api/other?limit=10&cursor=${first.body.meta.next}`);
    assert.equal(second.body.data[0].id, 12);
    const back = await page(`/api/other?limit=3&cursor=${second.body.meta.previous}`);
    assert.deepEqual(
      back.body.data.map(({ id }: Row) => id),
      [7, 8, 9],
    );
  });

  it('an empty page leads back to what is left, with the row it stood at', async () => {
    const first = await page('/api/other?n=lt.6&limit=3&cursor=');
    await api.sql('update other set n = n + 1000 where n between 4 and 5');
    const empty = await page(`/api/other?n=lt.6&limit=3&cursor=${first.body.meta.next}`);
    assert.deepEqual(empty.body.data, []);
    assert.equal(empty.body.meta.next, null);
    const back = await page(`/api/other?n=lt.6&limit=3&cursor=${empty.body.meta.previous}`);
    assert.deepEqual(back.body.data, first.body.data);
    await api.sql('update other set n = n - 1000 where n > 1000');
  });

  it('meta and links name the pages around; the first has none before it, the last none after', async () => {
    const first = await page('/api/other?fields=id&limit=20&cursor=&count=exact&n=gt.0');
    const { next, previous, ...meta } = first.body.meta;
    assert.deepEqual(meta, { limit: 20, hasMore: true, total: 28 });
    assert.equal(previous, null);
    assert.equal(
      first.headers['link'],
      `<?fields=id&limit=20&count=exact&n=gt.0&cursor=${next}>; rel="next"`,
    );
    const last = await page(`/api/other?fields=id&limit=20&cursor=${next}&n=gt.0`);
    assert.equal(last.body.meta.next, null);
    assert.match(String(last.headers['link']), /^<\?[^>]*>; rel="previous", <\?[^>]*cursor=>; rel="first"$/);
    const alone = await page('/api/other?limit=100&cursor=');
    assert.equal(alone.headers['link'], undefined);
  });

  it('what would end a link early is encoded in it', async () => {
    const { headers } = await page('/api/other?id=neq.1&limit=1&cursor=&or=(id.gt.0,id.neq."5")');
    assert.match(String(headers['link']), /id\.neq\.%225%22/);
  });

  it('goes with relations, searches and their order', async () => {
    const expected = (await page('/api/note?search=word&fields=id,other(n)&limit=100')).body.data;
    assert.equal(expected.length > 50, true);
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: Answer = await page(
        `/api/note?search=word&fields=id,other(n)&limit=7&cursor=${cursor}`,
      );
      seen.push(...body.data);
      cursor = body.meta.next;
    }
    assert.deepEqual(seen, expected);
  });

  it('the condition of one direction is one that an index answers', async () => {
    const { next } = (await page('/api/thing?limit=3&cursor=')).body.meta;
    const plan = api.plan('GET', `/api/thing?limit=3&cursor=${next}`);
    assert.ok('sql' in plan);
    assert.match(plan.sql, /WHERE \("public"\."thing"\."a", "public"\."thing"\."b"\) > \(\$\d, \$\d\)/);
  });

  describe('is refused', () => {
    let cursor: string;
    before(async () => {
      cursor = (await page('/api/other?n=gt.0&sort=n&limit=2&cursor=')).body.meta.next;
    });
    const refused: readonly (readonly [string, (cursor: string) => string, RegExp, string])[] = [
      ['changed', (text) => `other?n=gt.0&sort=n&cursor=${flipped(text)}`, /changed or cut/, 'signature'],
      ['cut', (text) => `other?n=gt.0&sort=n&cursor=${text.slice(0, -1)}`, /changed or cut/, 'signature'],
      [
        'without a signature',
        (text) => `other?n=gt.0&sort=n&cursor=${text.split('.')[0]}`,
        /changed or cut/,
        'signature',
      ],
      ['made up', () => 'other?cursor=abc', /changed or cut/, 'signature'],
      ['of odd letters', () => 'other?cursor=%F0%9F%98%80.x', /changed or cut/, 'signature'],
      [
        'with something after it',
        (text) => `other?n=gt.0&sort=n&cursor=${text}A`,
        /changed or cut/,
        'signature',
      ],
      ['of another table', (text) => `note?cursor=${text}`, /of "other", not of "note"/, 'table'],
      [
        'of another sort',
        (text) => `other?n=gt.0&sort=n:desc&cursor=${text}`,
        /sorted by n,id, not by n:desc,id/,
        'sort',
      ],
      ['of other filters', (text) => `other?n=gt.1&sort=n&cursor=${text}`, /other filters/, 'filters'],
      ['of a list without filters', (text) => `other?sort=n&cursor=${text}`, /other filters/, 'filters'],
      [
        'of a search',
        (text) => `other?n=gt.0&sort=n&or=(id.gt.0)&cursor=${text}`,
        /other filters/,
        'filters',
      ],
      [
        'of an inner join',
        (text) => `other?n=gt.0&sort=n&fields=id,note!inner(id)&cursor=${text}`,
        /other filters/,
        'filters',
      ],
    ];
    for (const [what, path, text, differs] of refused) {
      it(`when it is ${what}`, async () => {
        const answer = await api.call('GET', `/api/${path(cursor)}`);
        assert.deepEqual([answer.status, answer.code], [400, 'MF407'], answer.text);
        assert.match(String(answer.message), text);
        assert.equal(answer.details?.['differs'], differs);
        assert.match(String(answer.fix), /cursor=/);
      });
    }

    it('when the values of a row are too long for a URL', async () => {
      const answer = await api.call('GET', '/api/long?sort=text&fields=id&limit=1&cursor=');
      assert.deepEqual([answer.status, answer.code], [400, 'MF407']);
      assert.match(String(answer.fix), /shorter values/);
    });

    it('not when only what is shown, the length of the page or the order of filters differs', async () => {
      await page(`/api/other?sort=n&limit=9&fields=n&n=gt.0&cursor=${cursor}`);
    });
  });
});

/** The same with one letter of the middle changed. */
function flipped(text: string): string {
  const at = 20;
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
}
