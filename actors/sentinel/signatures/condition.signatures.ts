import type { Signature } from './signature.ts';

const why = 'a condition that is always or never true is attached to a value';

/** Conditions attached without a quote, as to a number. */
export const conditionSignatures: readonly Signature[] = [
  {
    name: 'tautology',
    score: 0.95,
    body: 0,
    pattern: 'logic open (NUM | HEX | WORD) RP* (EQ | LIKE) open SAME',
    why,
  },
  {
    name: 'string-tautology',
    score: 0.95,
    body: 0,
    pattern: `logic open quote (unquoted{1,2} quote RP* (EQ | LIKE | NE | GT | LT | TILDE | SIMILAR TO) | quote EQ) open quote
      | DOLLAR WORD? DOLLAR RP* (EQ | NE | LIKE) DOLLAR`,
    why,
  },
  {
    name: 'number-condition',
    score: 0.95,
    body: 0.93,
    pattern: 'numberLead RP* logic open (sum | string) RP* test',
    why,
  },
  {
    name: 'word-condition',
    score: 0.93,
    body: 0,
    pattern: `lead RP* logic open ((number | string | NULL | BOOL) RP* test
      | WORD RP* ((EQ | LIKE) open (quote | HEX | SAME) | IS NOT? NULL stop))`,
    why,
  },
  {
    name: 'leading-condition',
    score: 0.93,
    body: 0.9,
    pattern: '^ SEMI? RP* logic+ open (sum | string) RP* (test | RP* IS NOT? NULL)',
    why,
  },
  {
    name: 'bracket-condition',
    score: 0.95,
    body: 0.93,
    pattern: 'lead RP+ logic open ((sum | string) RP* test | function LP | LP SELECT | EXISTS LP)',
    why,
  },
  {
    name: 'constant-condition',
    score: 0.92,
    body: 0,
    pattern: `(^ | numberLead RP* | shortLead RP+) logic open (BOOL RP* stop? | number RP* (comment | SEMI | clause))
      | ^ WORD logic open BOOL RP* (comment | SEMI) | ^ WORD XOR open BOOL`,
    why,
  },
  {
    name: 'condition-call',
    score: 0.93,
    body: 0,
    pattern: `lead RP* logic open (function LP | EXISTS LP | LP SELECT | SYSVAR | CASE WHEN | ROW (LP | LB))
      | logic open value compare open (SYSVAR | F_INFO LP | F_MATH LP RP | LP SELECT)`,
    why: 'a database function or a subquery is attached to a value',
  },
  {
    name: 'where-constant',
    score: 0.9,
    body: 0,
    pattern: '(WHERE | HAVING) open NUM RP* compare open (SAME | NUM)',
    why,
  },
  {
    name: 'having-probe',
    score: 0.95,
    body: 0,
    pattern: `GROUP BY value (COMMA value)* HAVING | ^ HAVING open (sum | string) RP* test
      | numberLead RP* HAVING open (value | function)`,
    why: 'GROUP BY and HAVING are used to make the database name its columns',
  },
  {
    name: 'order-probe',
    score: 0.93,
    body: 0,
    pattern: `(^ | numberLead | shortLead RP+) (ORDER | GROUP) BY open NUM (COMMA (NUM | function LP NUM RP | F_STRING LP .{0,8} RP))* (comment | $ | SEMI)
      | shortLead (ORDER | GROUP) BY NUM (COMMA NUM)* (cut | SEMI $)`,
    why: 'ORDER BY with a number counts the columns',
  },
];
