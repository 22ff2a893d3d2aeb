import type { Signature } from './signature.ts';

const why = {
  compare: 'a quote ends the string it stands in and a condition goes on behind it',
  constant: 'a quote ends the string and a condition that is always or never true follows',
  call: 'a quote ends the string and a database function is called behind it',
};

/** A quote that ends the surrounding string, followed by more condition. */
export const breakOutSignatures: readonly Signature[] = [
  {
    name: 'quote-condition',
    score: 0.97,
    body: 0,
    pattern: 'open1 RP* logic open (value | string) RP* test',
    why: why.compare,
  },
  {
    name: 'quote-condition-at-start',
    score: 0.98,
    body: 0.96,
    pattern: 'lead open1 RP* logic open (value | string) RP* test',
    why: why.compare,
  },
  {
    name: 'quote-constant',
    score: 0.96,
    body: 0.95,
    pattern: 'lead open1 RP* logic open (BOOL | number | NULL) RP* (comment | SEMI | logic)',
    why: why.constant,
  },
  {
    name: 'quote-constant-end',
    score: 0.95,
    body: 0.95,
    pattern:
      '^ (WORD | SLASH | PERCENT)* open1 RP* logic open (BOOL | number | NULL) RP* $ | lead open1 RP* logic open BOOL $',
    why: why.constant,
  },
  {
    name: 'quote-or-quote',
    score: 0.96,
    body: 0.95,
    pattern:
      'shortLead open1 RP* (operator | logic)* (logic | EQ) open quote (unquoted{1,3} $ | unquoted{0,3} quote (operator | logic | RP* test | quote))',
    why: 'a quote ends the string and a second string is added to the condition',
  },
  {
    name: 'quote-logic-call',
    score: 0.97,
    body: 0,
    pattern:
      'open1 RP* logic open (function LP | CALL LP .{0,8} RP (test | stop | logic) | EXISTS LP | LP SELECT | CASE WHEN | VAR | SYSVAR | DOLLAR | ROW (LP | LB) | SELECT column)',
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
    pattern: 'shortLead open1 RP* logic open value RP* (DASH2 | HASH | COPEN | SEMI comment)',
    why: 'a quote ends the string, a condition follows and a comment cuts off the rest',
  },
  {
    name: 'quote-test',
    score: 0.95,
    body: 0.9,
    pattern:
      'lead open1 RP* (NOT? (LIKE | SIMILAR TO) open (value stop | number | quote (PERCENT | NUM | unquoted{1,3} (comment | quote | PERCENT | SEMI | logic))) | IS NOT? (NULL | BOOL) | NOT? IN (LP | WORD WORD RP) | NOT? BETWEEN open (number | quote))',
    why: why.compare,
  },
  {
    name: 'quote-operator-call',
    score: 0.97,
    body: 0.95,
    pattern:
      'lead open1 RP* (operator | COMMA)+ open (function LP | LP SELECT | LP CASE | SYSVAR | VAR | BARE_INFO | EXISTS LP)',
    why: 'an expression is attached to the string by an operator',
  },
  {
    name: 'quote-operator-cut',
    score: 0.95,
    body: 0.95,
    pattern: 'shortLead open1 RP* operator+ open value RP* (DASH2 | HASH | COPEN | SEMI comment)',
    why: 'an expression is attached to the string and a comment cuts off the rest',
  },
  {
    name: 'quote-operator-quote',
    score: 0.93,
    body: 0,
    pattern:
      'shortLead open1 RP* operator+ open (value | string | open1) RP* operator+ open value? quote unquoted{0,1} $',
    why: 'an expression is attached to both ends of the string',
  },
  {
    name: 'quote-clause',
    score: 0.96,
    body: 0.95,
    pattern:
      'lead open1 RP* (ORDER BY (open (number | LP | function | CASE) | value (stop | COMMA)) | GROUP BY (value | function | LP) | HAVING open (value | function | quote) | LIMIT NUM | PROCEDURE (ANALYSE | CALL) | INTO (OUTFILE | VAR | value OUTFILE) | WHERE open value test)',
    why: 'a quote ends the string and another clause of the statement begins',
  },
  {
    name: 'quote-comment',
    score: 0.95,
    body: 0.9,
    pattern:
      'shortLead open1 RP* SEMI* (DASH2 | HASH | COPEN | CCLOSE) $ | shortLead open1 RP* SEMI $ | shortLead open1 RP* SEMI+ (comment | WORD $) | shortLead open1 RP* CCLOSE',
    why: 'a quote ends the string and a comment cuts off the rest of the statement',
  },
  {
    name: 'quote-comment-text',
    score: 0.93,
    body: 0,
    pattern:
      '^ (WORD | SLASH | PERCENT | NULL | DOT)* open1 (DASH2 | HASH) (WORD $ | MINUS) | shortLead open1 RP+ (comment | HASHTAG | CCLOSE)',
    why: 'a quote ends the string and a comment cuts off the rest of the statement',
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
    pattern:
      'open1 RP* SEMI+ statement | open1 RP* EXEC value? (XP | LP) | shortLead open1 RP* (DECLARE VAR | WAITFOR | SELECT column | INSERT INTO value .{0,6} VALUES | DROP TABLE value (DASH2 | $) | BEGIN (DECLARE | WORD DECLARE))',
    why: 'a second statement follows a string',
  },
];
