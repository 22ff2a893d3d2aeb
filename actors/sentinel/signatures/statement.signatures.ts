import type { Signature } from './signature.ts';

/** Whole statements, alone or behind a semicolon. */
export const statementSignatures: readonly Signature[] = [
  {
    name: 'stacked-statement',
    score: 0.95,
    body: 0.9,
    pattern:
      'lead RP* SEMI+ (statement | IF_WORD LP* NUM compare) | ^ given? open1? RP* WAITFOR (DELAY | WORD) (quote | NUM | VAR)',
    why: 'a second statement follows the value',
  },
  {
    name: 'bracket-comment',
    score: 0.92,
    body: 0,
    pattern: `^ given RP+ SEMI* (DASH2 | CUT) (MINUS | $) | ^ given RP+ cut $ | ^ given? RP{2,} SEMI* (comment | HASHTAG) | ^ (MINUS | PLUS | SLASH | PERCENT)* value (SLASH value)? PERCENT? RP* SEMI+ (CUT | DASH2 ($ | MINUS)) | ^ MINUS? NUM RP* SEMI+ DASH2 | ^ LP+ (SELECT | value | function | quote | BINARY) !(SEMI)* RP (DASH2 | CUT) $`,
    why: 'a comment cuts off the rest of the statement',
  },
  {
    name: 'statement-cut',
    score: 0.9,
    body: 0,
    pattern:
      'DROP (TABLE | OBJECT) value (SEMI | DASH2) | ^ (DELETE FROM value (cut | SEMI | WHERE value (compare | LIKE | IS | IN)) | INSERT INTO value .{0,12} VALUES LP | NUM? UPDATE value SET value EQ | CREATE TABLE value LP value WORD | COPY value (FROM | TO) (quote | SLASH))',
    why: 'a statement that changes data',
  },
  {
    name: 'payload-cut-at-end',
    score: 0.95,
    body: 0.92,
    pattern: `^ given? RP* (logic open (sum | text) RP* test | UNION ALL? LP* SELECT | ORDER BY NUM | GROUP BY | HAVING
        | (logic | operator)* open (SLEEP | F_DELAY) LP) !(SEMI){0,120} (DASH2 | HASH | CUT) ($ | MINUS)`,
    why: 'a piece of a statement, and a comment at its very end that cuts off the rest',
  },
  {
    name: 'lone-call',
    score: 0.7,
    body: 0,
    pattern: '^ SLEEP LP NUM RP SEMI? $ | ^ UNION SELECT $ | ^ given? open1 RP* SEMI $',
    why: 'a probe, or a piece of code',
  },
  {
    name: 'comment-end',
    score: 0.9,
    body: 0,
    pattern: 'CCLOSE (SELECT column | UNION ALL? SELECT)',
    why: 'a comment of the statement is ended and a query follows',
  },
  {
    name: 'whole-query',
    score: 0.6,
    body: 0,
    pattern: `^ SELECT ALL? (STAR | value (COMMA value)+ | function LP (value | STAR)? RP) FROM value | ^ SELECT !(SEMI)* FROM value WHERE value compare`,
    why: 'a whole query is given as a value',
  },
];
