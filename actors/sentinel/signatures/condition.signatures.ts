import type { Signature } from './signature.ts';

const why = 'a condition that is always or never true is attached to a value';

/** Conditions attached without a quote, as to a number. */
export const conditionSignatures: readonly Signature[] = [
  {
    name: 'tautology',
    score: 0.95,
    body: 0,
    pattern:
      'logic open (NUM | HEX) RP* (EQ | EQ2 | LIKE) open SAME | word open WORD RP* (EQ | LIKE) open SAME',
    why,
  },
  {
    name: 'string-tautology',
    score: 0.95,
    body: 0,
    pattern: `logic open text RP* (EQ | LIKE | SIMILAR TO) open quote unquoted{0,2} ($ | comment) | logic open quote quote EQ quote unquoted{0,2} ($ | comment)
      | DOLLAR WORD? DOLLAR RP* (EQ | NE | LIKE) DOLLAR
      | ^ text RP* logic open (text (EQ | LIKE) text stop | sqlFunction LP | NUM EQ NUM)`,
    why,
  },
  {
    name: 'number-condition',
    score: 0.95,
    body: 0.93,
    pattern: `numberLead RP* (IS NOT NULL stop | logic LP+ NUM RP* logic | WHERE value EQ value cut | NOT? LIKE quote | LIMIT NUM (LIMIT | COMMA) NUM) | numberLead RP* NOT? LIKE (LP+ (NUM | SELECT | quote) | open (HEX | NUM RP* (stop | logic))) | numberLead RP* (logic open (NUM | HEX | string) RP* (sqlTest | EQ2 open (NUM | SAME | quote)) | PIPE2 open sum IS NOT? NULL)
      | expressionLead logic open NUM RP* compare open number RP* stop | expressionLead logic LP NUM compare open (NUM | function)`,
    why,
  },
  {
    name: 'number-condition-name',
    score: 0.93,
    body: 0,
    pattern: 'numberLead RP* word open sum RP* sqlTest',
    why: 'a condition is attached to a number',
  },
  {
    name: 'word-condition',
    score: 0.93,
    body: 0,
    pattern: `^ given RP* logic open ((NUM | HEX) RP* sqlTest | text RP* (EQ | LIKE | TILDE | SIMILAR TO) open quote)
      | lead RP* word open ((NUM | HEX) RP* (EQ | NE | LT | GT | LIKE) open (number | text) RP* (stop | logic)
        | WORD RP* ((EQ | LIKE) open (quote | HEX | SAME) | LIKE value cut | IS NOT? NULL stop))`,
    why,
  },
  {
    name: 'leading-condition',
    score: 0.93,
    body: 0,
    pattern: `^ SEMI? RP* word+ open ((NUM | HEX) RP* test | text RP* (EQ | LIKE | LT | GT | TILDE | SIMILAR TO) open WORD? (quote | NUM | HEX)
        | sum RP* (EQ | LIKE) open ((number | NULL | VAR | SYSVAR) RP* (stop | logic) | WORD RP* comment | quote | function) | LP sum RP* (EQ | LIKE) open value | sum RP* IS NOT? NULL RP* stop | sum RP* BETWEEN open (number | quote))
      | ^ SEMI? (PIPE2 | AMP2) open ((NUM | HEX) RP* (EQ | LIKE | (LT | GT) NUM RP* stop | IN LP | BETWEEN) | text RP* (EQ | LIKE | TILDE) open quote
        | WORD RP* (EQ open (number | quote) | LIKE open (value | quote)) | sum IS NOT? NULL | NOT BOOL)`,
    why,
  },
  {
    name: 'bracket-condition',
    score: 0.95,
    body: 0.93,
    pattern: `^ given RP+ logic open ((sum | text) RP* (sqlTest | TILDE) | function LP | LP SELECT | EXISTS LP)
      | ^ given RP+ FROM value WHERE value | ^ RP+ logic open (NUM | text) RP* sqlTest | ^ RP+ logic open (IF | SLEEP | F_DELAY | F_ERROR | F_INFO | F_STRING) LP`,
    why,
  },
  {
    name: 'constant-condition',
    score: 0.92,
    body: 0,
    pattern: `(^ (MINUS | PLUS | LP)* (NUM | HEX) RP* | ^ given RP+) logic open (BOOL RP* stop? | number RP* (cut ($ | MINUS) | COPEN | SEMI cut | clause))
      | ^ word open (BOOL RP* ($ | cut) | number RP* (cut | clause)) | ^ WORD logic open BOOL RP* (comment | SEMI)
      | ^ WORD XOR open BOOL`,
    why,
  },
  {
    name: 'condition-call',
    score: 0.93,
    body: 0,
    pattern: `^ given? RP* logic open ((SLEEP | F_DELAY | F_ERROR | F_INFO | F_FILE) LP | (IF | F_STRING) LP !(RP) | EXISTS LP+ SELECT | LP SELECT | SYSVAR | BARE_INFO | CASE WHEN | ROW (LP | LB)
        | F_CAST LP (LP | SELECT | function | quote | NUM | value AS))
      | numberLead RP* logic open (F_COMMON LP | SELECT) | ^ given word open F_COMMON LP value RP compare function LP | ^ given word NUM arithmetic NUM EQ NUM | ^ given? RP* word open F_COMMON LP value RP (EQ | NE | LT | GT) open (NUM | quote)
      | (^ given? | NUM | quote) logic open value compare open (SYSVAR | F_INFO LP) | logic open value compare open LP SELECT`,
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
    pattern: `GROUP BY value (COMMA value)* HAVING | ^ HAVING open (NUM | HEX | text | function LP value? RP) RP* compare open (number | quote)
      | numberLead RP* HAVING open (number | function | BOOL | NULL | value RP* test) | ^ value HAVING LP (NUM | BOOL) logic`,
    why: 'GROUP BY and HAVING are used to make the database name its columns',
  },
  {
    name: 'order-probe',
    score: 0.93,
    body: 0,
    pattern: `numberLead ORDER BY function LP | ^ LIMIT NUM COMMA NUM cut | (^ | numberLead | ^ given RP+) (ORDER | GROUP) BY open NUM (COMMA (NUM | function LP NUM RP | SLEEP LP .{0,8} RP))* (comment | $ | SEMI)
      | ^ (given | RP+) (ORDER | GROUP) BY NUM (COMMA NUM)* (cut | SEMI $)`,
    why: 'ORDER BY with a number counts the columns',
  },
];
