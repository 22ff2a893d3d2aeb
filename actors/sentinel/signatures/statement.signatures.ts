import type { Signature } from './signature.ts';

/** Whole statements, alone or behind a semicolon. */
export const statementSignatures: readonly Signature[] = [
  {
    name: 'stacked-statement',
    score: 0.95,
    body: 0.9,
    pattern: 'lead RP* SEMI+ statement',
    why: 'a second statement follows the value',
  },
  {
    name: 'bracket-comment',
    score: 0.92,
    body: 0,
    pattern:
      '^ plain{0,2} RP+ SEMI* cut (MINUS | $) | ^ plain{0,2} RP{2,} SEMI* (comment | HASHTAG) | ^ plain{0,2} RP* SEMI+ (cut | RULE) | ^ LP+ !(SEMI)* RP cut $',
    why: 'a comment cuts off the rest of the statement',
  },
  {
    name: 'statement-cut',
    score: 0.9,
    body: 0,
    pattern:
      'DROP (TABLE | OBJECT) value (SEMI | DASH2) | ^ (DELETE FROM value (stop | WHERE) | INSERT INTO value .{0,12} VALUES LP | NUM? UPDATE value SET value EQ | CREATE TABLE value LP value WORD | COPY value (FROM | TO) (quote | SLASH))',
    why: 'a statement that changes data',
  },
  {
    name: 'whole-query',
    score: 0.6,
    body: 0,
    pattern: '^ SELECT !(SEMI)* FROM value',
    why: 'a whole query is given as a value',
  },
];
