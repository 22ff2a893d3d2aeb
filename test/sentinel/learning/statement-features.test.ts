import assert from 'node:assert/strict';
import { flattenStatement } from '../../../actors/sentinel/learning/flatten-statement.ts';
import { statementFacts } from '../../../actors/sentinel/learning/statement-fact-names.ts';
import { FactCounter } from '../../../actors/sentinel/learning/statement-facts.ts';
import { lexStatement } from '../../../actors/sentinel/learning/statement-lexer.ts';
import { injectIntoStatement, isInjected } from '../../../actors/sentinel/training/embed-in-statement.ts';
import { honestStatement } from '../../../actors/sentinel/training/honest-statement.ts';
import { Random } from '../../../actors/sentinel/training/random.ts';

const counter = new FactCounter();
const factsOf = (text: string): string[] => {
  const counts = counter.count(text, lexStatement(text)[0]!);
  return statementFacts.filter((_, at) => counts[at]! > 0);
};
const flat = (text: string): string[] =>
  lexStatement(text).map((reading) => flattenStatement(text, reading).replace(/\s+/g, ' ').trim());

const told: readonly (readonly [statement: string, fact: (typeof statementFacts)[number]])[] = [
  ["select * from t where a = 'x' or 1=1", 'constants compared behind OR'],
  ["select * from t where a = 'x' or ('a')=('a')", 'constants compared behind OR'],
  ['select * from t where a = 1 or ascii(2) = ascii(2)', 'constants compared behind OR'],
  ["select * from t where a = '1' and '1'='1'", 'behind AND'],
  ['select * from t where a = 1 or not (true)', 'constant alone behind OR'],
  ["select * from t where a = '' or b like '%'", 'LIKE everything'],
  ['select a, b from t where x = 6 union select 1,2,3', 'UNION of other width'],
  ['select a from t where x = 6 union select null', 'UNION of constants behind a table'],
  ['update t set a = -1 union select 1 where b = 2', 'UNION in a change'],
  ['update t set a = 1 and 1=0 where b = 2', 'condition in SET'],
  ["insert into t values (17, '1' and 'a'='a')", 'condition in VALUES'],
  ["select * from t where a = 'x' order by 3 and b = 1", 'condition behind ORDER BY'],
  ["select a from t where b = '' limit 1 where c = 2", 'clause out of order'],
  ["select * from t where a = 'x' = 'y'", 'comparison of a comparison'],
  ["select * from t where a = 'x' -- ' and b = 1", 'comment begins with a quote or bracket'],
  ["insert into t values (1, 'x') -- ')", 'odd quotes in the last comment'],
  ['select * from t where a = (1 /* ) order by b', 'comment left open'],
  ["select * from t where a = 'O'Brien'", 'string glued to a word'],
  ['select * from t where a = (1; drop table t)', 'literal, then semicolon in brackets'],
  ["select * from t where a = 1; exec xp_cmdshell 'dir'", 'dangerous statement behind another'],
  ['select 1 where exists (select pg_sleep(5))', 'delay'],
];
const silent = [
  "select a, b from t where c = 'it''s -- fine; drop table t' or d = 'union select 1'",
  'select a from t where b = 5 and c between 1 and 9 order by a desc limit 10 offset 20',
  "insert into t (a, b) values (1, 'x'), (2, $$it's$$) returning id",
  "update t set a = a + 1, b = 'x' where c = $1",
  'select t1.a, count(*) from t as t1 join u as t2 on t1.id = t2.id group by t1.a having count(*) > 3',
];
const harmless = new Set([
  'WHERE in the statement',
  'column compared',
  'strings',
  'further statements',
  'definition',
  'quoted names',
]);

describe('facts of a statement', () => {
  for (const [statement, fact] of told) {
    it(`tell "${fact}" of ${statement}`, () => {
      assert.ok(factsOf(statement).includes(fact), factsOf(statement).join(', '));
    });
  }

  for (const statement of silent) {
    it(`find nothing odd in ${statement}`, () => {
      assert.deepEqual(
        factsOf(statement).filter((fact) => !harmless.has(fact)),
        [],
      );
    });
  }
});

describe('a statement read as its database would', () => {
  it('has no text of strings, names in quotes and comments', () => {
    const [only, ...others] = flat(
      `select "a b" from t where c = 'drop -- it' /* x' */ and d = $$or 1=1$$ -- y`,
    );
    assert.equal(others.length, 0);
    assert.doesNotMatch(only!, /drop|or 1|x'|a b/);
  });

  it('shows equal strings as equal', () => {
    assert.match(flat("select 1 where 'ab'='ab'")[0]!, /where (\d+) = \1$/);
  });

  it('keeps a string that touches a word', () => {
    assert.match(flat("delete from t where a = ' union all select 'INJ'||'X'")[0]!, /union all select/);
  });

  it('is read both ways where a backslash may escape a quote', () => {
    const readings = flat("select * from t where a = 'id\\'; vacuum;'");
    assert.equal(readings.length, 2);
    assert.ok(readings.some((reading) => reading.includes('vacuum')));
    assert.ok(readings.some((reading) => !reading.includes('vacuum')));
  });
});

describe('a payload put into a statement', () => {
  const begin = 'select * from t where a = ';
  const cases: readonly (readonly [value: string, injected: boolean])[] = [
    ["'x' or 1=1 -- '", true],
    ["'x'; drop table t; --'", true],
    ["'x'/*'", true],
    ["'it''s or 1=1'", false],
    ["'select 1'", false],
    ['5 union select 1', true],
    ['5 and sleep(5)', true],
    ['8216;', false],
    ['5', false],
  ];
  for (const [value, injected] of cases) {
    it(`${value} is ${injected ? 'an injection' : 'none'}`, () => {
      assert.equal(isInjected(begin + value, begin.length, begin.length + value.length), injected);
    });
  }

  it('is never one of a comment of a list of payloads', () => {
    const random = new Random(1);
    assert.equal(injectIntoStatement("select 1 where a = 'b'", '# from wapiti', random), undefined);
  });

  it('is put in and honest statements are written the same way for the same seed', () => {
    const made = (): unknown[] => {
      const random = new Random(5);
      return Array.from({ length: 200 }, () => {
        const statement = honestStatement(random);
        return [statement, injectIntoStatement(statement, "1' or 'a'='a", random)];
      });
    };
    assert.deepEqual(made(), made());
  });
});
