import assert from 'node:assert/strict';
import { judgeParsed } from '../../actors/sentinel/statements/judge-parsed.ts';
import { type OddityName, oddities } from '../../actors/sentinel/statements/oddities.ts';
import { parseStatement } from '../../actors/sentinel/statements/parse-statement.ts';
import { splitStatements } from '../../actors/sentinel/statements/split-statements.ts';
import type { ParsedStatement } from '../../runtime/protocol/patrol.protocol.ts';

const shapes: [OddityName | '', string][] = [
  ['', "select * from notes where title = 'a'"],
  ['', 'select * from notes where 1 = 1 and id = 5'],
  ['', 'select * from notes where $1 is null or id = $1'],
  ['', "select * from notes where current_setting('app.user') = 'x' or owner = 3"],
  ['', 'select id from a union select id from b'],
  ['', "select 'all' union select 'none'"],
  ['', 'begin; update a set b = 1; delete from c where d = 2; commit'],
  ['', 'create table a (id int); insert into a values (1); create index on a (id)'],
  ['', 'select 1 -- how many there are'],
  ['', '-- all\nselect 1 from a /* of them */ where b = 2'],
  ['always-true', "select * from a where b = 'x' or 1=1"],
  ['always-true', "select * from a where b = '' or 'a'='a'"],
  ['always-true', 'delete from a where b = 1 or true'],
  ['always-true', 'delete from a where b = 1 or not false'],
  ['always-true', 'update a set c = 1 where b = 1 or 2 > 1'],
  ['always-true', "select * from a where b = '' or 'x' like 'x'"],
  ['any-pattern', "select * from a where b = '' or b like '%'"],
  ['always-true', 'select * from a where b = 1 or b = b'],
  ['always-true', 'select * from a where (b = 1 or 3 = 1 + 2) and c = 4'],
  ['always-true', 'select * from a join b on a.id = b.id or 1=1'],
  ['constant-alternative', 'select * from a where b = 1 or 1 = 2'],
  ['constant-alternative', "select * from a where b = 1 or ascii('a') = 97"],
  ['constant-condition', 'select * from a where b = 1 and 6 = 6'],
  ['system-condition', 'select * from a where b = 1 and version() > 4::text'],
  ['odd-operation', "select * from a where b = 'A' || 'B'"],
  ['constant-union', 'select a, b from t where c = 1 union select null, null'],
  ['constant-union', 'select a, b from t where c = 1 union all (select 1, 2)'],
  ['padded-union', 'select a, b, c, d from t union select 1, 2, 3, secret from accounts'],
  ['system-union', 'select a from t where c = 1 union select version()'],
  ['system-union', "select a from t union select concat(current_user, ':')"],
  ['catalog-union', 'select a from t union select table_name from information_schema.tables'],
  ['catalog-union', 'select a from t union select usename from pg_user'],
  ['catalog-subquery', 'select * from a where b = (select count(*) from pg_class)'],
  ['', 'select * from a where b = (select c from d)'],
  ['credentials', 'select passwd from pg_shadow'],
  ['further-statement', 'select * from a where b = 1; drop table a'],
  ['further-statement', "select 1; copy a from '/etc/passwd'"],
  ['time-function', 'select pg_sleep(5)'],
  ['time-function-inside', 'select * from a where b = 1 and 1 = (select 1 from pg_sleep(5))'],
  ['time-function-inside', "insert into a values ('' || pg_sleep(5))"],
  ['file-function', "select pg_read_file('/etc/passwd')"],
  ['file-function-inside', "update a set b = (select pg_read_file('x')) where c = 1"],
  ['file-function-inside', "select * from a where b = lo_import('/etc/passwd')"],
  ['network-function-inside', "select a from t union select * from dblink('host=x', 'select 1')"],
  ['program', "copy a from program 'id'"],
  ['server-file', "copy a to '/tmp/a'"],
  ['spelled-constant', 'select * from a where b = chr(65) || chr(66) || chr(67)'],
  ['set-role', 'set role postgres'],
  ['set-role', 'set session authorization postgres'],
  ['set-role', "select set_config('role', 'none', true)"],
  ['cut-off', "select * from a where b = 'x' -- ' and c = 'y'"],
  ['cut-off', 'select * from a where b = 1 --'],
  ['cut-off', 'select * from a where b = 1 /* order by c'.replace('/*', '-- ')],
  ['cut-off', "select * from a where b = 'x' /*' and c = 1*/"],
];

describe('a statement', () => {
  for (const [oddity, text] of shapes) {
    it(`${oddity === '' ? 'without oddities' : `with ${oddity}`}: ${text.replaceAll('\n', ' ')}`, async () => {
      const { parsed, oddities: found } = await parseStatement(text);
      assert.equal(parsed, true);
      if (oddity === '') assert.deepEqual(found, []);
      else assert.ok(found.includes(oddity), `found ${found.join(', ') || 'nothing'}`);
    });
  }

  const hostile: [string, string, Partial<ParsedStatement>][] = [
    ['1 MB', `select '${'x'.repeat(1e6)}'`, { parsed: false, problem: 'longer than 64 kB' }],
    ['64 kB', `select '${'x'.repeat(65_536 - 9)}'`, { parsed: true, oddities: [] }],
    ['a byte more', `select '${'x'.repeat(65_536 - 8)}'`, { parsed: false, problem: 'longer than 64 kB' }],
    ['64 kB in two bytes each', `select '${'é'.repeat(32_764)}'`, { parsed: false }],
    ['10,000 brackets', `select ${'('.repeat(1e4)}1${')'.repeat(1e4)}`, { parsed: false }],
    ['1,000 selects in each other', `${'select ('.repeat(1000)}1${')'.repeat(1000)}`, {}],
    ['a sum of 30,000', `select ${'1+'.repeat(30_000)}1`, {}],
    ['4,000 halves', `select 1 from a${' union select 1'.repeat(4000)}`, {}],
    [
      '16,000 comments',
      `select 1${'/**/'.repeat(16_000)}`,
      { parsed: true, fingerprint: '50fde20626009aba' },
    ],
    ['a zero byte', 'select 1\0; drop table a', { parsed: false, problem: 'holds a zero byte' }],
    ['half a character', "select '\ud800'", { parsed: true, oddities: [] }],
    ['nothing', ' \n', { parsed: false, problem: 'empty' }],
    ['an open string', "select 'secret", { parsed: false, problem: 'unterminated quoted string' }],
    ['no SQL, not quoted', 'select secret secret secret', { parsed: false, problem: 'syntax error' }],
  ];
  for (const [what, text, expected] of hostile) {
    it(`of ${what} ends the parser for no other`, async () => {
      const parsed = await parseStatement(text);
      assert.deepEqual({ ...parsed, ...expected }, parsed);
      assert.equal((await parseStatement('select 2')).fingerprint, '50fde20626009aba');
    });
  }

  it('has the fingerprint of others that differ in constants only', async () => {
    const texts = ["select a from b where c = 'x' or 1=1", "select a from b where c = 'y' or 2=2"];
    const [one, two] = await Promise.all(texts.map(parseStatement));
    assert.ok(one?.fingerprint);
    assert.equal(one.fingerprint, two?.fingerprint);
  });
});

describe('the verdict on a statement', () => {
  const parsed = (...found: OddityName[]): ParsedStatement => ({
    parsed: true,
    problem: null,
    fingerprint: '0'.repeat(16),
    oddities: found,
  });
  const judge = (model: number | undefined, read: ParsedStatement | null, known = false) =>
    judgeParsed({ model, parsed: read, known });

  it('blocks what decides alone, whatever the model says and however well the shape is known', () => {
    for (const name of ['catalog-union', 'time-function-inside', 'program'] as const) {
      assert.match(judge(0.001, parsed(name), true).action, /block|escalate/);
      assert.ok(judge(0.001, parsed(name), true).score >= oddities[name].score);
    }
  });

  it('blocks two findings that have nothing to do with each other, and not two of one kind', () => {
    assert.equal(judge(0.001, parsed('always-true', 'cut-off')).action, 'block');
    assert.equal(judge(0.001, parsed('always-true', 'constant-condition')).action, 'allow');
  });

  it('leaves an oddity that people write, too, to the model', () => {
    assert.equal(judge(0.001, parsed('always-true')).action, 'allow');
    assert.equal(judge(0.02, parsed('always-true')).action, 'throttle');
    assert.match(judge(0.4, parsed('always-true')).action, /block|escalate/);
    assert.match(judge(0.4, parsed('always-true')).why, /holds for every row.*looks honest|injection/);
  });

  it('is milder when nothing is odd, and milder still when the shape is known', () => {
    const [unread, clean, known] = [judge(0.6, null), judge(0.6, parsed()), judge(0.6, parsed(), true)];
    assert.ok(unread.score > clean.score && clean.score > known.score);
    assert.match(judge(0.99, parsed(), true).action, /block|escalate/);
  });

  it('does not let a known shape speak for an odd statement', () => {
    assert.deepEqual(judge(0.3, parsed('always-true'), true), judge(0.3, parsed('always-true')));
  });

  it('stands on the parser alone when there is no model', () => {
    assert.equal(judge(undefined, parsed()).action, 'allow');
    assert.equal(judge(undefined, parsed('system-union')).action, 'block');
    assert.equal(judge(undefined, null).action, 'allow');
  });

  it('is milder for what is about the catalog alone, and only there', async () => {
    const about = await parseStatement(
      'select relname from pg_class where oid in (select conrelid from pg_constraint)',
    );
    assert.deepEqual(about.oddities, ['introspection']);
    assert.equal(judge(0.8, about).oddity, undefined);
    assert.ok(judge(0.8, about).score < judge(0.8, parsed()).score);
    for (const text of [
      'select a from b where c in (select oid from pg_class)',
      'select a from b, pg_class',
    ]) {
      assert.ok(!(await parseStatement(text)).oddities.includes('introspection'), text);
    }
  });

  it('ignores oddities of a parser that is newer than itself', () => {
    const later = { ...parsed(), oddities: ['toString', 'of-tomorrow'] };
    assert.equal(judge(0.01, later).oddity, undefined);
  });
});

describe('several statements in one text', () => {
  const rows: [string, string[]][] = [
    ['select 1', ['select 1']],
    ['select 1;; select 2 ; ', ['select 1', 'select 2']],
    ["select ';''', \";\"; select 2", ["select ';''', \";\"", 'select 2']],
    ["select e'\\';'; select '\\'; select 3", ["select e'\\';'", "select '\\'", 'select 3']],
    ['do $$ a; $b$ b; $$; select $1; x', ['do $$ a; $b$ b; $$', 'select $1', 'x']],
    ['select 1 -- ;\n, 2; /* ; /* ; */ ; */ select 3', ['select 1 -- ;\n, 2', '/* ; /* ; */ ; */ select 3']],
    ["select 'open; select 2", ["select 'open; select 2"]],
    ['', []],
  ];
  for (const [text, pieces] of rows) {
    it(`are told apart in ${JSON.stringify(text)}`, () => {
      assert.deepEqual(splitStatements(text, 9), pieces);
    });
  }
  it('are bounded: the last piece has all the rest', () => {
    assert.deepEqual(splitStatements('a;b;c;d', 3), ['a', 'b', 'c;d']);
  });
  it('are told apart in 1 MB of quotes without delay', () => {
    assert.equal(splitStatements(`${"';".repeat(500_000)}`, 32).length, 32);
  });
});
