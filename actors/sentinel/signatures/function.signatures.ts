import type { Signature } from './signature.ts';

/** Functions and clauses that only an attacker puts into a value. */
export const functionSignatures: readonly Signature[] = [
  {
    name: 'time-delay',
    score: 0.97,
    body: 0,
    pattern: 'F_DELAY LP open (number | WORD | quote | CALL | function | CASE)',
    why: 'the database is made to wait, so that the time of the answer tells something',
  },
  {
    name: 'time-delay-sleep',
    score: 0.95,
    body: 0,
    pattern: `(logic | arithmetic | quote | SELECT | THEN | ELSE | LT | GT | NOT | LIKE | WHERE | BY) open SLEEP LP open (number | quote)
      | (NUM | quote | NULL) COMMA SLEEP LP number | (logic | quote | SELECT | THEN | ELSE) open SLEEP LP WORD RP
      | ^ open SLEEP LP (number (COMMA .{1,5})? RP (operator | RP | comment) | WORD RP comment)
      | compare SLEEP LP NUM (COMMA | RP (comment | RP))`,
    why: 'the database is made to wait, so that the time of the answer tells something',
  },
  {
    name: 'time-delay-waitfor',
    score: 0.98,
    body: 0,
    pattern: `WAITFOR (DELAY | WORD) (quote | NUM | VAR)`,
    why: 'the database is made to wait, so that the time of the answer tells something',
  },
  {
    name: 'error-function',
    score: 0.93,
    body: 0,
    pattern: 'F_ERROR LP open (value COMMA | quote | HEX | function | SELECT)',
    why: 'an error message is made to carry data',
  },
  {
    name: 'cast-subquery',
    score: 0.95,
    body: 0,
    pattern:
      'F_CAST LP (WORD LP? NUM? RP? COMMA)? LP* (SELECT | F_INFO LP | SYSVAR | UNION | F_STRING LP NUM)',
    why: 'an error message is made to carry data',
  },
  {
    name: 'file-access',
    score: 0.96,
    body: 0,
    pattern: `(^ | !(JSONOP | DOT | COLON)) F_FILE LP open (quote | HEX | NUM | function | SLASH | VAR | SELECT) | ^ open value RP* INTO VAR | INTO value? OUTFILE LP? (quote | function | HEX) | LOAD WORD INTO OUTFILE | COPY .{1,6} (FROM | TO) PROGRAM`,
    why: 'a file or program of the database server is reached for',
  },
  {
    name: 'server-procedure',
    score: 0.96,
    body: 0,
    pattern: `(EXEC | SEMI) WORD? XP | EXEC (SP | WORD SP) | XP (quote | LP quote) | lead (SEMI | quote) EXEC LP (VAR | quote) | EXEC LP (VAR RP (stop | END_WORD) | text PLUS) | DECLARE VAR !(SEMI)* (EQ | SELECT | SET | SEMI | DASH2 | END)`,
    why: 'a procedure of the database server is called',
  },
  {
    name: 'procedure-analyse',
    score: 0.95,
    body: 0,
    pattern: 'PROCEDURE ANALYSE LP',
    why: 'MySQL is made to describe its columns',
  },
  {
    name: 'subquery',
    score: 0.95,
    body: 0,
    pattern: `(attaching | (RP | quote | SEMI) PERCENT | logic | quote | COMMA | NOT | IN | EXISTS | RP | function | ANY | VALUES | BY | BINARY) LP+ SELECT ALL?
        (open (number | NULL | BOOL | STAR | SYSVAR | VAR | BARE_INFO | CASE | quote | function | LP) | value (COMMA | FROM | RP | operator) | WORD NUM)`,
    why: 'a query stands inside the value',
  },
  {
    name: 'bracketed-query',
    score: 0.9,
    body: 0,
    pattern:
      '^ LP+ SELECT !(SEMI)* (FROM (value | LP) | DASH2) | ^ LP+ SELECT open (function LP | SYSVAR | BARE_INFO | LP SELECT) | ^ LP+ SELECT ALL? open ((NULL | BOOL | NUM | HEX) (COMMA | RP) | quote value? quote (COMMA | RP) | STAR FROM)',
    why: 'a query stands inside the value',
  },
  {
    name: 'query-of-system',
    score: 0.95,
    body: 0,
    pattern: `SELECT !(SEMI)* FROM (LP | LB | quote)* SYSTEM | ^ SELECT VAR`,
    why: 'the catalogue of the database is read',
  },
  {
    name: 'query-of-server',
    score: 0.93,
    body: 0,
    pattern: 'SELECT ALL? open (SYSVAR | F_INFO LP (RP | quote) | BARE_INFO | F_DELAY LP | F_FILE LP)',
    why: 'the server is asked about itself',
  },
  {
    name: 'case-condition',
    score: 0.92,
    body: 0,
    pattern:
      '^ CASE (NUM | quote NUM quote) WHEN open (NUM | quote) .{0,3} THEN | CASE WHEN open (NUM | HEX | string RP* (compare | LIKE | THEN | SIMILAR TO) open (value | quote) | DOLLAR | EXISTS LP | function LP | LP? SELECT | ROW (LP | LB) | LP value RP* test | value compare open (value | string) RP* (THEN | logic) | BOOL)',
    why: 'an answer is made to depend on a question',
  },
  {
    name: 'if-condition',
    score: 0.92,
    body: 0,
    pattern: `IF LP open ((NUM | HEX) RP* compare open (NUM | SAME) RP* COMMA | (F_STRING | F_INFO | F_DELAY | SLEEP) LP | LP? SELECT column | SYSVAR) | (open1 RP* | numberLead) operator+ IF LP`,
    why: 'an answer is made to depend on a question',
  },
  {
    name: 'string-building',
    score: 0.92,
    body: 0,
    pattern: `(F_STRING | F_COMMON) LP NUM RP PIPE2 (F_STRING | F_COMMON) LP NUM RP | F_STRING LP NUM RP PLUS F_STRING LP NUM RP (PLUS | stop | RP | COMMA) | F_STRING LP (NUM COMMA){2} NUM (COMMA NUM)* RP (PIPE2 | PLUS | stop | COMMA | RP) | F_STRING LP+ HEX (COMMA | RP)`,
    why: 'text is built from character codes, so that it does not show',
  },
  {
    name: 'blind-probe',
    score: 0.93,
    body: 0,
    pattern: `(F_STRING | F_COMMON) LP+ (SELECT column | F_INFO LP | SYSVAR | BARE_INFO) | (^ | logic | operator | WHEN) LP* (F_STRING LP (F_STRING | F_COMMON) LP | F_COMMON LP F_STRING LP)
      | RP JSONOP quote WORD quote compare (quote | NUM)`,
    why: 'data is read one character at a time',
  },
];
