import { equal } from 'node:assert/strict';
import { finalStatement } from '../../actors/storage/postgres/pipeline/once/final-statement.ts';

/** `|` stands where the statement begins. */
const texts: readonly string[] = [
  '|select 1',
  '|  select 1',
  '|insert into t values (1) returning 1',
  'with w as (insert into t values (1) returning 1) |select * from w',
  'WITH w AS (select 1)\n|SELECT 1',
  '  with w as (select 1) |select 1',
  'with recursive w as (select 1), v (select_, "x") as materialized (select 2) |insert into t select 1 returning 1',
  `with w as (select ')', 'it''s (', E'\\') (', "(" from t) |select ')'`,
  `with "select" as (select 1) |select 1`,
  `with "a""select""" as (select E'a\\\\') |delete from t returning 1`,
  'with selected as (select 1), updates as (select 2) |update t set a = 1 returning 1',
  `with typed as (select name'(' from t) |values (1)`,
  'with w as not materialized (select ((1))) |merge into t using s on true when matched then delete',
  'withdrawn',
];

describe('where the statement of a plan begins', () => {
  for (const text of texts) {
    it(text, () => {
      const at = text.indexOf('|');
      equal(finalStatement(text.replace('|', '')), Math.max(at, 0));
    });
  }
  for (const text of ['with', 'with w as (select 1)', "with w as (select ')", 'with w as (select 1']) {
    it(`nowhere: ${text}`, () => {
      equal(finalStatement(`${text} `), -1);
    });
  }
});
