/**
 * Names that patterns share, in order: each may use those before it.
 *
 * `lead` is what an attacker puts before the break-out: a value of the kind the parameter expects (a number, a word,
 * a date, a path); `strictLead` is exactly one such value, where a sentence or a line of code must not do.
 * `test` compares; `sqlTest` does so in ways that are not also those of JavaScript, C or Python.
 */
export const vocabulary: readonly (readonly [name: string, pattern: string])[] = [
  ['open1', 'SQ1 | DQ1 | BQ1'],
  ['quote', 'SQ1 | DQ1 | BQ1 | SQ2 | DQ2 | BQ2'],
  ['number', 'NUM | HEX | SAME'],
  ['value', 'NUM | HEX | SAME | WORD | NULL | BOOL | VAR | SYSVAR | BARE_INFO | SYSTEM | OBJECT'],
  ['sqlFunction', 'IF | SLEEP | F_DELAY | F_ERROR | F_INFO | F_STRING | F_FILE | F_CAST'],
  ['function', 'IF | SLEEP | F_DELAY | F_ERROR | F_INFO | F_STRING | F_FILE | F_CAST | F_COMMON'],
  ['compare', 'EQ | EQ2 | NE | LT | GT | TILDE'],
  ['arithmetic', 'PLUS | MINUS | STAR | SLASH | PERCENT | CARET | PIPE | AMP | SHIFT | DIV'],
  [
    'operator',
    `EQ | EQ2 | NE | LT | GT | TILDE | PLUS | MINUS | STAR | SLASH | PERCENT | CARET | PIPE | AMP | SHIFT | DIV
     | PIPE2 | AMP2 | LIKE`,
  ],
  [
    'attaching',
    'EQ | EQ2 | NE | LT | GT | TILDE | PLUS | MINUS | STAR | SLASH | CARET | PIPE | AMP | SHIFT | DIV | PIPE2 | AMP2 | LIKE',
  ],
  ['joiner', 'EQ | NE | PLUS | MINUS | PIPE | PIPE2 | AMP2 | DIV'],
  ['word', 'AND | OR | XOR'],
  ['logic', 'AND | OR | XOR | PIPE2 | AMP2'],
  ['cut', 'DASH2 | HASH | COPEN | CUT'],
  ['comment', 'DASH2 | DASH_WORD | DASH_FLAG | RULE | HASH | COPEN | CUT'],
  ['stop', 'SEMI | DASH2 | DASH_WORD | DASH_FLAG | RULE | HASH | COPEN | CUT | END'],
  [
    'clause',
    'ORDER BY | GROUP BY | HAVING | LIMIT NUM | INTO | UNION (ALL | SELECT | LP | VALUES | TABLE | HASH) | PROCEDURE',
  ],
  ['open', '(LP | MINUS | PLUS | TILDE | BANG | NOT | BINARY)*'],
  ['unquoted', '!(SQ1 | DQ1 | BQ1 | SQ2 | DQ2 | BQ2 | SEMI)'],
  ['string', 'quote unquoted{0,3} quote'],
  ['text', 'quote (value | PERCENT){0,3} quote'],
  ['sum', '(value | function LP value? RP) RP* (arithmetic open (value | function LP value? RP) RP*)*'],
  [
    'plain',
    'WORD | NUM | HEX | SAME | MINUS | PLUS | DOT | SLASH | PERCENT | NULL | COLON | STAR | CALL | OBJECT',
  ],
  ['lead', '^ plain{0,4}'],
  [
    'given',
    '(MINUS | PLUS | SLASH | PERCENT)* value (value | COMMA value | SLASH value | (SQ1 SQ2 | DQ1 DQ2) value)? PERCENT?',
  ],
  ['strictLead', '^ PERCENT? given?'],
  [
    'expressionLead',
    '^ open (value | text | function LP value? RP) RP* (arithmetic open (value | text | function LP value? RP) RP*){0,5}',
  ],
  [
    'numberLead',
    '^ (MINUS | PLUS | LP)* (NUM | HEX | NULL | VAR | SYSVAR) (arithmetic open (NUM | VAR | SYSVAR))?',
  ],
  [
    'rightOperand',
    'open (number | quote | function LP | SELECT | SYSVAR | BARE_INFO | VAR | NULL | BOOL | DOLLAR | value (cut | SEMI | logic))',
  ],
  [
    'test',
    `(EQ | EQ2 | NE | LT | GT | TILDE | JSONOP)
     | NOT? (LIKE+ | SIMILAR TO) open (quote | number | function | value stop)
     | IS NOT? (NULL | BOOL | number) | NOT? IN LP | NOT? BETWEEN open (number | quote | value AND)`,
  ],
  [
    'sqlTest',
    `EQ rightOperand | (NE | LT | GT) open (number | quote | sqlFunction) | JSONOP
     | NOT? (LIKE+ | SIMILAR TO) open (quote | number | function | value stop)
     | IS NOT? NULL | NOT? IN LP (number | quote | SELECT) | NOT? BETWEEN open (number | quote | value AND)`,
  ],
  [
    'statement',
    `DROP (TABLE | OBJECT | PROCEDURE | value DASH2) | DELETE value? FROM | INSERT INTO value | UPDATE value SET
     | ALTER (TABLE | OBJECT) | CREATE (TABLE | OBJECT | PROCEDURE) | TRUNCATE TABLE? value
     | GRANT .{1,4} (ON | TO) | EXEC (value | XP | SP | LP | quote) | DECLARE VAR | SHUTDOWN stop | WAITFOR (DELAY | WORD) (quote | NUM | VAR)
     | COPY (value | LP) .{0,4} (FROM | TO) | LISTEN value stop | SET value EQ | SET OBJECT value stop
     | SELECT (NUM | HEX | STAR | NULL | quote | function | SYSVAR | VAR | BARE_INFO | CASE | LP | value (COMMA | FROM))
     | LOAD (WORD | OBJECT) | BEGIN (stop | DECLARE | function) | (ANALYSE | MAINTAIN) stop`,
  ],
  [
    'anyStatement',
    `statement | CALL_WORD CALL | VALUES LP | CASE WHEN
     | IF_WORD (NOT | LP)* (NUM compare | LP SELECT | SELECT | EXISTS | function)
     | IF LP (NUM compare | NOT | LP SELECT | SELECT | EXISTS | sqlFunction)`,
  ],
  ['column', 'open (NUM | HEX | NULL | BOOL | STAR | SYSVAR | VAR | BARE_INFO | CASE | function)'],
  [
    'selection',
    `open ((NUM | SAME) (COMMA | FROM | stop | RP | operator | AS | LIMIT | INTO | WHERE | logic)
     | HEX | NULL | BOOL | STAR | SYSVAR | VAR | BARE_INFO | CASE | quote | function | LP
     | value (COMMA value? (COMMA | FROM | stop | cut) | FROM | operator | cut | SEMI))`,
  ],
];
