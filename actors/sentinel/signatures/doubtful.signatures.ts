import type { Signature } from './signature.ts';

/**
 * Structures that honest text has too, once in some ten thousand lines of code or manuals. They never block alone: they
 * are logged, and lower what the model must be sure of.
 */
export const doubtfulSignatures: readonly Signature[] = [
  {
    name: 'late-condition',
    score: 0.75,
    body: 0,
    pattern: `open1 RP* word open (sum | WORD? string) RP* sqlTest | open1 RP* logic open (function LP value? RP | CALL LP .{0,16} RP (test | stop | logic))
      | logic open value compare open (SYSVAR | F_INFO LP)`,
    why: 'behind some text a quote ends the string and a condition goes on behind it',
  },
  {
    name: 'leading-names',
    score: 0.8,
    body: 0,
    pattern: '^ word+ open sum RP* (EQ | LIKE) open value RP* ($ | logic)',
    why: 'a condition that compares two names, and nothing else',
  },
  {
    name: 'late-call',
    score: 0.7,
    body: 0,
    pattern: `(SEMI | quote) EXEC LP (VAR | quote) | (arithmetic | COMMA) open SLEEP LP open (number | WORD RP) | XP LP value
      | F_STRING LP NUM RP PLUS F_COMMON LP NUM RP`,
    why: 'a function that databases have too is called behind some text',
  },
  {
    name: 'late-comment',
    score: 0.75,
    body: 0,
    pattern: 'strictLead open1 RP+ (comment | HASHTAG)',
    why: 'a quote and brackets are closed, and a comment follows',
  },
];
