import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { CostLimits } from '../../runtime/protocol/data-api-settings.ts';
import { type DataFront, type FrontAnswer, type FrontOptions, openFront } from './data-front.ts';

const ddl = `
create table artist (id int primary key, name text);
create table album (id int primary key, title text, artist_id int references artist);
create table track (id int primary key, name text, album_id int references album);
insert into artist select n, 'artist ' || n from generate_series(1, 20) n;
insert into album select n, 'album ' || n, 1 + n % 20 from generate_series(1, 60) n;
insert into track select n, repeat('long ', 20) || n, 1 + n % 60 from generate_series(1, 3000) n;
create view slow as select id, pg_sleep(1.5)::text as slept from artist where id = 1;
analyze;
grant select on artist, album, track, slow to anon;
`;

describe('limits of what a request may cost', function () {
  this.timeout(40_000);
  let front: DataFront;
  before(async () => {
    front = await openFront(ddl);
  });
  after(() => front?.close());

  const limited = (limits: CostLimits): FrontOptions => ({ role: 'anon', scopes: { limits } });

  /** What an error of either dialect says. */
  function said({ status, body }: FrontAnswer) {
    const limit = body.limit ?? /Limit: (\w+)/.exec(String(body.details))?.[1];
    return {
      status,
      code: body.code,
      limit,
      text: `${body.detail ?? body.message}`,
      fix: body.fix ?? body.hint,
    };
  }

  const cases: readonly [
    what: string,
    limits: CostLimits,
    refused: string,
    allowed: string,
    limit: string,
    text: RegExp,
    fix: RegExp,
  ][] = [
    [
      'rows of /api',
      { rows: 20 },
      '/api/track?limit=21',
      '/api/track?limit=20',
      'rows',
      /asks for 21 rows; 20 are/,
      /^limit=20 fits/,
    ],
    [
      'rows of /rest/v1',
      { rows: 20 },
      '/rest/v1/track',
      '/rest/v1/track?limit=20',
      'rows',
      /more than 20/,
      /^limit=20 fits/,
    ],
    [
      'depth of /api',
      { depth: 1 },
      '/api/artist?fields=id,album(id,track(id))&limit=1',
      '/api/artist?fields=id,album(id)&limit=1',
      'depth',
      /2 levels deep; 1 are/,
      /no more than 1/,
    ],
    [
      'depth of a row of /api',
      { depth: 0 },
      '/api/artist/1?fields=id,album(id)',
      '/api/artist/1?fields=id',
      'depth',
      /1 levels deep; 0 are/,
      /no more than 0/,
    ],
    [
      'depth of /rest/v1',
      { depth: 1 },
      '/rest/v1/artist?select=id,album(id,track(id))',
      '/rest/v1/artist?select=id,album(id)',
      'depth',
      /2 levels deep; 1 are/,
      /no more than 1/,
    ],
    [
      'cost of /api',
      { cost: 60 },
      '/api/track?sort=name&limit=100',
      '/api/track/5',
      'cost',
      /would cost [\d.]+ .*; 60 is allowed/,
      /indexed column/,
    ],
    [
      'cost of /rest/v1',
      { cost: 60 },
      '/rest/v1/track?order=name',
      '/rest/v1/track?id=eq.5',
      'cost',
      /would cost [\d.]+ .*; 60 is allowed/,
      /indexed column/,
    ],
    [
      'bytes of /api',
      { bytes: 500 },
      '/api/track?limit=50',
      '/api/track/5',
      'bytes',
      /is \d+ bytes long; 500 are allowed/,
      /fewer rows/,
    ],
    [
      'bytes of /rest/v1',
      { bytes: 500 },
      '/rest/v1/track?limit=50',
      '/rest/v1/track?id=eq.5',
      'bytes',
      /is \d+ bytes long; 500 are allowed/,
      /fewer rows/,
    ],
    [
      'time of /api',
      { timeMs: 500 },
      '/api/slow',
      '/api/artist',
      'timeMs',
      /longer than 500 ms/,
      /smaller limit/,
    ],
    [
      'time of /rest/v1',
      { timeMs: 500 },
      '/rest/v1/slow',
      '/rest/v1/artist',
      'timeMs',
      /longer than 500 ms/,
      /smaller limit/,
    ],
  ];
  for (const [what, limits, refused, allowed, limit, text, fix] of cases) {
    for (const whose of ['a key', 'a role'] as const) {
      it(`${what}, of ${whose}`, async () => {
        if (whose === 'a role') await front.set({ limits: { anon: limits } });
        const options = whose === 'a key' ? limited(limits) : { role: 'anon' };
        const over = said(await front.send('GET', refused, options));
        const within = await front.send('GET', allowed, options);
        // What is too slow for one is slow for a test, too.
        const free = limit === 'timeMs' ? within : await front.send('GET', refused);
        await front.set({ limits: {} });
        deepEqual(
          { status: over.status, code: over.code, limit: over.limit },
          { status: 400, code: 'MF426', limit },
        );
        match(over.text, text);
        match(over.fix, fix);
        equal(within.status, 200, within.text);
        equal(free.status, 200, free.text);
      });
    }
  }

  it('answer no more rows of /api than allowed when no limit is named', async () => {
    const { body } = await front.send('GET', '/api/track', limited({ rows: 7 }));
    equal(body.data.length, 7);
    equal(body.meta.hasMore, true);
  });

  it('hold the lower one of role and key, and one of a key where the role has none', async () => {
    await front.set({ limits: { anon: { rows: 5, depth: 0 }, '*': { rows: 1 } } });
    for (const [rows, status] of [
      [3, [200, 400, 400]],
      [9, [200, 200, 400]],
    ] as const) {
      const answers = [3, 5, 8].map((n) => front.send('GET', `/api/track?limit=${n}`, limited({ rows })));
      deepEqual(
        (await Promise.all(answers)).map((one) => one.status),
        status,
      );
    }
    const deep = await front.send('GET', '/rest/v1/artist?select=id,album(id)&limit=1', limited({ rows: 3 }));
    equal(deep.status, 400);
    await front.set({ limits: {} });
  });

  it('hold for keys of one role apart, although their requests look alike', async () => {
    for (let round = 0; round < 4; round++) {
      for (const [options, status] of [
        [limited({ rows: 5 }), 400],
        [limited({ rows: 50 }), 200],
        [{ role: 'anon' }, 200],
        [limited({ depth: 0 }), 200],
      ] as const) {
        const answer = await front.send('GET', '/rest/v1/artist?select=name&limit=20', options);
        equal(answer.status, status, JSON.stringify(options));
        const list = await front.send('GET', '/api/artist?limit=20', options);
        equal(list.status, status, JSON.stringify(options));
      }
    }
  });

  it('of cost hold for writes before anything is done', async () => {
    const options = { scopes: { limits: { cost: 0.001 } }, body: { id: 9999, name: 'x' } };
    const answer = await front.send('POST', '/api/artist', {
      ...options,
      headers: { 'idempotency-key': 'costly' },
    });
    equal(said(answer).limit, 'cost');
    equal((await front.query('select from artist where id = 9999')).length, 0);
  });

  it('are not for the list of endpoints', async () => {
    const { status } = await front.send('GET', '/api', limited({ cost: 1, bytes: 1, rows: 1 }));
    equal(status, 200);
  });

  it('say what a write has done whose answer is too long', async () => {
    const answer = await front.send('POST', '/api/artist', {
      scopes: { limits: { bytes: 5 } },
      body: { id: 500, name: 'long enough' },
    });
    equal(answer.status, 400);
    equal(answer.body.committed, true);
    ok((await front.query('select from artist where id = 500')).length === 1);
    ok(answer.body.value > answer.body.allowed);
  });
});
