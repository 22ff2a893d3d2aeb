import assert from 'node:assert/strict';
import { readSqlScript } from './fixtures/sql-script.ts';

const variables = new Map([
  ['user', 'it"s'],
  ['text', "it's"],
  ['n', '7'],
]);

const rows: readonly [string, string, readonly string[]][] = [
  ['at semicolons', 'select 1; select 2 ;', ['select 1', 'select 2']],
  [
    'not in quotes',
    `select ';', ";", e'\\';', $$;$$, $a$;$$;$a$;`,
    [`select ';', ";", e'\\';', $$;$$, $a$;$$;$a$`],
  ],
  [
    'not in parentheses',
    'create rule r as on insert to t do (a; b); c',
    ['create rule r as on insert to t do (a; b)', 'c'],
  ],
  [
    'without comments',
    'a -- ;\n b; /* ; /* ; */ ; */ c',
    ['a  b', 'c'].map((text) => text.replace('  ', ' \n ')),
  ],
  [
    'not in a body of standard SQL',
    'create function f() returns int begin atomic select case when a then 1 end; end; b',
    ['create function f() returns int begin atomic select case when a then 1 end; end', 'b'],
  ],
  [
    'with variables',
    `a :n, :"user", :'text', b::int, c[1:n], :other`,
    [`a 7, "it""s", 'it''s', b::int, c[17], :other`],
  ],
  ['with nothing left', ' ; ;\n-- end\n', []],
];

describe('a script for psql is split', () => {
  for (const [name, source, statements] of rows) {
    it(name, () => {
      const parts = [...readSqlScript(source, variables)];
      assert.deepEqual(
        parts.map((part) => (part.kind === 'statement' ? part.text : part.name)),
        statements,
      );
    });
  }

  it('at commands of psql, which see what was set before', () => {
    const set = new Map<string, string>();
    const seen: unknown[] = [];
    for (const part of readSqlScript("\\set a 'b c'\n\\ir x.sql\nselect :'a';", set)) {
      if (part.kind === 'statement') seen.push(part.text, part.line);
      else seen.push(part.name, ...part.arguments);
      if (part.kind === 'command' && part.name === 'set') set.set('a', part.arguments[1] as string);
    }
    assert.deepEqual(seen, ['set', 'a', 'b c', 'ir', 'x.sql', "select 'b c'", 3]);
  });

  it('and refused when a quote does not end', () => {
    assert.throws(() => [...readSqlScript("select 'a", variables)], /line 1/);
    assert.throws(() => [...readSqlScript('\nselect $$a', variables)], /line 2/);
  });
});
