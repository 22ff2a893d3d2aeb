import assert from 'node:assert/strict';
import { type Api, openApi } from '../api-harness.ts';

const ddl = `
create schema hidden;
create table hidden.vault (id int primary key, word text);
insert into hidden.vault values (1, 'CANARY');
create table items (id int primary key, name text, secret text unique, vault int references hidden.vault);
insert into items values (1, 'one', 'CANARY', 1), (2, 'two', 'other', null);
create table parts (id int primary key, item int references items, owner text, size int);
insert into parts values (1, 1, 'me', 1), (2, 1, 'CANARY', 2), (3, 2, 'CANARY', 3);
alter table parts enable row level security;
create policy mine on parts to anon using (owner = 'me') with check (owner = 'me');
create table closed (id int primary key, item int references items, word text);
insert into closed values (1, 1, 'CANARY');
grant select (id, name), insert (id, name), update (id, name) on items to anon;
grant select, insert, update, delete on parts to anon;
`;

/** What asks for something that anon has no right to, in each word of a list. */
const denied = [
  ...[
    '/items',
    '/items/1',
    '/items?fields=secret',
    '/items?fields=id,secret',
    '/items?fields=id&secret=CANARY',
  ],
  ...['/items?fields=id&secret=like.C*', '/items?fields=id&sort=secret', '/items?fields=id&q=CANARY'],
  ...['/items?fields=id&secret=is.not_null', '/items?fields=id&or=(secret.eq.CANARY,id.eq.1)'],
  ...['/items?fields=id&and=(secret.like.C*)', '/items?fields=id&or=(and(id.eq.1,secret.not.is.null))'],
  ...['/items?fields=secret,count()&group=secret', '/items?fields=max(secret)', '/items?fields=secret.max()'],
  ...['/items?fields=count()&group=secret', '/items?fields=id,count()&group=id&having=max(secret).eq.CANARY'],
  ...[
    '/items?fields=id&distinct=secret',
    '/items?fields=id&search=CANARY',
    '/items?fields=id&sort=secret&cursor=',
  ],
  ...[
    '/items?fields=id,closed(*)',
    '/items?fields=id,closed(word)',
    '/items?fields=id,closed(id)&closed.word=CANARY',
  ],
  ...['/items?fields=id,closed!inner(id)', '/items?fields=id,vault(*)', '/items?fields=id,vault(word)'],
  ...[
    '/parts?fields=id,items(*)',
    '/parts?fields=id,items(secret)',
    '/parts?fields=id,items(id)&items.secret=CANARY',
  ],
  ...['/parts?fields=id,items(id)&items.sort=secret', '/parts?fields=id,items(id)&sort=items(secret)'],
  ...['/closed', '/closed/1', '/vault', '/hidden.vault', '/pg_class', '/outbox', '/items?fields=id,to_jsonb'],
  ...['/items?fields=xmin', '/items?fields=id&to_jsonb=like.*CANARY*', '/items?fields=id&sort=row_to_json'],
];

describe('what a role of /api has no right to', function () {
  this.timeout(60_000);
  let api: Api;
  before(async () => {
    api = await openApi(ddl);
  });
  after(() => api.close());

  for (const path of denied) {
    it(`${path} is refused`, async () => {
      const answer = await api.call('GET', `/api${path}`, { role: 'anon' });
      const told = `${answer.status} ${answer.text} ${answer.message}`;
      assert.ok(answer.status >= 400 && answer.status < 500, told);
      const said = JSON.stringify([answer.text, answer.message, answer.fix, answer.details]);
      if (!path.includes('CANARY')) assert.ok(!said.includes('CANARY'), said);
    });
  }

  for (const path of [
    ...[
      '/parts',
      '/parts?count=exact',
      '/parts?q=CANARY',
      '/parts?owner=CANARY',
      '/parts?sort=owner',
      '/parts/2',
    ],
    ...[
      '/parts?or=(owner.eq.CANARY,id.gt.0)',
      '/parts?fields=owner,count()&group=owner',
      '/parts?distinct=owner',
    ],
    ...['/parts?fields=owner,size.sum()&group=owner', '/parts?cursor=', '/parts?search=CANARY'],
    ...[
      '/items?fields=id,parts(*)',
      '/items?fields=id,parts!inner(owner)',
      '/items?fields=id,parts(owner.max())',
    ],
  ]) {
    it(`${path} shows no row of others`, async () => {
      const answer = await api.call('GET', `/api${path}`, { role: 'anon' });
      assert.ok(answer.status < 500, `${answer.status} ${answer.message}`);
      assert.ok(!answer.text.includes('CANARY'), answer.text);
    });
  }
});
