import type { Signature } from './signature.ts';

const why = {
  compare: 'a quote ends the string it stands in and a condition goes on behind it',
  constant: 'a quote ends the string and a condition that is always or never true follows',
  call: 'a quote ends the string and a database function is called behind it',
  attached: 'an expression is attached to the string by an operator',
  cut: 'a quote ends the string and a comment cuts off the rest of the statement',
};

/** A quote that ends the surrounding string, followed by more condition. */
export const breakOutSignatures: readonly Signature[] = [
  {
    name: 'quote-condition',
    score: 0.97,
    body: 0,
    pattern: 'open1 RP* logic open (sum | string) RP* test',
    why: why.compare,
  },
  {
    name: 'quote-condition-at-start',
    score: 0.98,
    body: 0.96,
    pattern: 'lead open1 RP* logic open (sum | string) RP* test',
    why: why.compare,
  },
  {
    name: 'quote-constant',
    score: 0.96,
    body: 0.95,
    pattern: `lead open1 RP* logic open (BOOL | number | NULL) RP* (comment | SEMI | logic | clause)
      | lead open1 RP* logic open BOOL $
      | ^ (WORD | SLASH | PERCENT)* open1 RP* logic open (BOOL | number | NULL) RP* $`,
    why: why.constant,
  },
  {
    name: 'quote-or-quote',
    score: 0.96,
    body: 0.95,
    pattern: `shortLead open1 RP* (operator | logic)* (logic | EQ) open quote
      (unquoted{1,3} $ | unquoted{0,3} quote (operator | logic | RP* test | quote) | NUM (EQ | LIKE) SAME)
      | ^ plain{1,2} open1 RP* logic open quote $`,
    why: 'a quote ends the string and a second string is added to the condition',
  },
  {
    name: 'quote-logic-call',
    score: 0.97,
    body: 0,
    pattern: `open1 RP* logic open (function LP | CALL LP .{0,8} RP (test | stop | logic) | EXISTS LP | LP SELECT
      | CASE WHEN | VAR | SYSVAR | DOLLAR | ROW (LP | LB) | SELECT (column | quote))`,
    why: why.call,
  },
  {
    name: 'quote-logic-call-at-start',
    score: 0.98,
    body: 0.97,
    pattern:
      'lead open1 RP* logic open (function LP | EXISTS LP | LP SELECT | CASE WHEN | SYSVAR | DOLLAR | ROW (LP | LB))',
    why: why.call,
  },
  {
    name: 'quote-logic-cut',
    score: 0.93,
    body: 0,
    pattern: 'shortLead open1 RP* logic open sum RP* (cut | SEMI comment)',
    why: 'a quote ends the string, a condition follows and a comment cuts off the rest',
  },
  {
    name: 'quote-test',
    score: 0.95,
    body: 0.9,
    pattern: `lead open1 RP* (NOT? (LIKE+ | SIMILAR TO) open (value stop | number | quote (PERCENT | NUM | (WORD | PERCENT){1,3} (comment | PERCENT | SEMI)))
      | IS NOT? (NULL | BOOL) !(SQ2 | DQ2 | BQ2) | IS NOT? (NULL | BOOL) $
      | NOT? IN (LP | WORD WORD RP) | NOT? BETWEEN open (number | string AND))`,
    why: why.compare,
  },
  {
    name: 'quote-operator-call',
    score: 0.97,
    body: 0.95,
    pattern:
      'lead open1 RP* (operator | COMMA)+ open (function LP | LP SELECT | LP CASE | SYSVAR | VAR | BARE_INFO | EXISTS LP)',
    why: why.attached,
  },
  {
    name: 'quote-operator-cut',
    score: 0.95,
    body: 0.95,
    pattern:
      'shortLead open1 RP* operator+ open sum RP* (cut | SEMI comment) | shortLead open1 RP* DIV open value stop',
    why: why.attached,
  },
  {
    name: 'quote-operator-quote',
    score: 0.93,
    body: 0,
    pattern: `shortLead open1 RP* operator+ open (sum | string) RP* (operator | logic)+ open quote unquoted{0,2} $
      | shortLead open1 RP* operator+ open sum RP* (operator | logic | IS | NOT)+ open value RP* (operator | logic)+ open quote`,
    why: 'an expression is attached to both ends of the string',
  },
  {
    name: 'quote-row',
    score: 0.93,
    body: 0,
    pattern:
      'shortLead open1 RP* (COMMA open (value | string))+ RP+ (comment | COMMA LP | WORD WORD quote | SEMI)',
    why: 'a quote ends the string and the rest of an INSERT is written out',
  },
  {
    name: 'quote-clause',
    score: 0.96,
    body: 0.95,
    pattern: `lead open1 RP* (ORDER BY (open (number | LP | function | CASE) | value (stop | COMMA))
      | GROUP BY (value | function | LP) | HAVING open (value | function) | LIMIT NUM
      | PROCEDURE (ANALYSE | CALL) | INTO (OUTFILE | VAR | value OUTFILE) | WHERE open value test)`,
    why: 'a quote ends the string and another clause of the statement begins',
  },
  {
    name: 'quote-comment',
    score: 0.95,
    body: 0.9,
    pattern: `lead open1 RP* SEMI* (cut $ | CCLOSE | cut MINUS)
      | shortLead open1 RP* SEMI ($ | comment | WORD $ | value{1,3} SEMI* comment)`,
    why: why.cut,
  },
  {
    name: 'quote-comment-text',
    score: 0.93,
    body: 0,
    pattern: `^ plain{0,3} open1 RP* SEMI* CUT WORD? $ | ^ WORD? open1 (DASH2 | HASH | HASHTAG) WORD $
      | shortLead open1 RP+ (comment | HASHTAG)`,
    why: why.cut,
  },
  {
    name: 'quote-statement',
    score: 0.98,
    body: 0.97,
    pattern: 'lead open1 RP* SEMI+ statement',
    why: 'a second statement follows the string',
  },
  {
    name: 'quote-statement-anywhere',
    score: 0.96,
    body: 0,
    pattern: `open1 RP* SEMI+ statement | open1 RP* EXEC value? (XP | LP)
      | shortLead open1 RP* (DECLARE VAR | WAITFOR | SELECT column | INSERT INTO value (LP | VALUES)
        | DROP TABLE value (DASH2 | $) | BEGIN (DECLARE | WORD DECLARE) | GRANT .{1,3} TO value | CREATE OBJECT value WORD BY)`,
    why: 'a second statement follows a string',
  },
];
