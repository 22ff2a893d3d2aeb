import { deepEqual, equal, throws } from 'node:assert/strict';
import { SqlSplitter } from '../../actors/storage/owner/import/sql-splitter.ts';

/** Statements of a text, fed in pieces of the given size. */
function split(text: string, size = Number.POSITIVE_INFINITY): string[] {
  const splitter = new SqlSplitter();
  const bytes = Buffer.from(text);
  const found: string[] = [];
  const take = (
    pieces: Iterable<ReturnType<SqlSplitter['push']> extends Iterable<infer P> ? P : never>,
  ): void => {
    for (const piece of pieces) {
      if (piece.kind === 'statement') found.push(`${piece.line}: ${piece.text}`);
      else if (piece.kind === 'meta')
        found.push(`${piece.line}${piece.inside ? ' inside' : ''} meta ${piece.text}`);
      else if (piece.kind === 'copy-end') found.push('end of copy');
      else if (found.at(-1)?.startsWith('data '))
        found.push(`data ${(found.pop() as string).slice(5)}${piece.bytes}`);
      else found.push(`data ${piece.bytes}`);
    }
  };
  for (let at = 0; at < bytes.length; at += size)
    take(splitter.push(bytes.subarray(at, Math.min(bytes.length, at + size))));
  take(splitter.finish());
  return found;
}

const cases: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  ['two statements', 'select 1;\nselect 2;', ['1: select 1', '2: select 2']],
  ['a last one without semicolon', 'select 1', ['1: select 1']],
  ['nothing but comments', '-- a\n/* b; */\n', []],
  ['empty statements', ';;\n;select 1;;', ['2: select 1']],
  ['a semicolon in a string', `select 'a;b';select 2`, [`1: select 'a;b'`, '1: select 2']],
  ['a doubled quote', `select 'a'';b';`, [`1: select 'a'';b'`]],
  ['a backslash in an ordinary string', `select '\\';select 2;`, [`1: select '\\'`, '1: select 2']],
  [
    'a backslash in an E string',
    `select E'\\';', e'\\\\';select 2;`,
    [`1: select E'\\';', e'\\\\'`, '1: select 2'],
  ],
  ['a name that ends in e before a quote', `select the'\\';select 2`, [`1: select the'\\'`, '1: select 2']],
  ['a quoted identifier', 'select 1 as "a;""b";select 2', ['1: select 1 as "a;""b"', '1: select 2']],
  [
    'a line comment with a semicolon and a quote',
    "select 1 -- it's; this\n+ 1;",
    ["1: select 1 -- it's; this\n+ 1"],
  ],
  ['nested comments', 'select /* a /* ; */ ; */ 1;', ['1: select /* a /* ; */ ; */ 1']],
  ['a minus and a division', 'select 4-3/1;', ['1: select 4-3/1']],
  ['a dollar quote', 'do $$begin; end$$;select 2', ['1: do $$begin; end$$', '1: select 2']],
  [
    'a dollar quote with a tag and another inside',
    'do $a$ $b$ ; $b$ $$ ; $a$;',
    ['1: do $a$ $b$ ; $b$ $$ ; $a$'],
  ],
  [
    'a parameter is no dollar quote',
    'prepare p as select $1;select $2',
    ['1: prepare p as select $1', '1: select $2'],
  ],
  ['a dollar in a name', 'select a$b$c;select 2', ['1: select a$b$c', '1: select 2']],
  [
    'parentheses',
    'create rule r as on insert to t do (select 1; select 2);select 3',
    ['1: create rule r as on insert to t do (select 1; select 2)', '1: select 3'],
  ],
  [
    'a body in standard SQL',
    'create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end;select 3',
    [
      '1: create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end',
      '1: select 3',
    ],
  ],
  [
    'a table column called begin',
    'create table t ("begin" int);begin;end',
    ['1: create table t ("begin" int)', '1: begin', '1: end'],
  ],
  [
    'commands for psql',
    '\\restrict abc\nselect 1;\n\\unrestrict abc\n',
    ['1 meta \\restrict abc', '2: select 1', '3 meta \\unrestrict abc'],
  ],
  ['a command inside a statement', 'select 1 \\gexec\n', ['1 inside meta \\gexec', '1: select 1 \\gexec']],
  [
    'COPY with data that looks like SQL',
    "COPY public.t (a) FROM stdin;\n1;'\n\\N\n\\.\n\nselect 1;",
    ['1: COPY public.t (a) FROM stdin', "data 1;'\n\\N\n", 'end of copy', '6: select 1'],
  ],
  [
    'COPY without a row',
    'copy t from stdin;\n\\.\nselect 1;',
    ['1: copy t from stdin', 'end of copy', '3: select 1'],
  ],
  [
    'COPY with carriage returns',
    'copy t from stdin;\r\n1\r\n\\.\r\n',
    ['1: copy t from stdin', 'data 1\r\n', 'end of copy'],
  ],
  ['COPY TO is an ordinary statement', 'copy t to stdout;select 1', ['1: copy t to stdout', '1: select 1']],
  [
    'characters of several bytes',
    `insert into t values ('ä;€');select '日本';`,
    [`1: insert into t values ('ä;€')`, `1: select '日本'`],
  ],
  ['lines over a long string', `select '\n\n';\nselect 2;`, [`1: select '\n\n'`, '4: select 2']],
];

describe('splitting SQL text', () => {
  for (const [name, text, expected] of cases) {
    it(name, () => {
      deepEqual(split(text), expected);
      // The file comes in pieces; where they are cut must not matter.
      for (const size of [1, 2, 3, 7]) deepEqual(split(text, size), expected, `in pieces of ${size}`);
    });
  }

  for (const [name, text] of [
    ['a string', "select 'a;"],
    ['an identifier', 'select "a;'],
    ['a comment', '/* a'],
    ['a dollar quote', 'do $x$ begin'],
    ['COPY data', 'copy t from stdin;\n1\n'],
  ] as const) {
    it(`says what is open at the end: ${name}`, () => {
      throws(() => split(text), SyntaxError);
      throws(() => split(text, 1), /that begins in line 1 never ends/);
    });
  }

  it('refuses bytes that are not UTF-8', () => {
    const splitter = new SqlSplitter();
    throws(() => [...splitter.push(Buffer.from([0x73, 0xff, 0x3b]))], TypeError);
  });

  it('takes a statement of many megabytes without copying it for each piece', () => {
    const began = performance.now();
    const text = `insert into t values ('${'x'.repeat(8 * 1024 * 1024)}')`;
    const [only] = split(`${text};`, 64 * 1024);
    equal(only?.length, text.length + 3);
    equal(performance.now() - began < 5000, true);
  });
});
