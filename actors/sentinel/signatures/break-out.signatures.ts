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
    pattern: `(^ plain{0,3} given | ^) open1 RP* word open (sum | WORD? string) RP* sqlTest | (NUM | RP | quote) open1 RP* word open sum RP* sqlTest
      | open1 RP* logic open (NUM | HEX | NULL | BOOL | string) RP* test`,
    why: why.compare,
  },
  {
    name: 'quote-condition-at-start',
    score: 0.98,
    body: 0.96,
    pattern:
      'strictLead open1 RP* logic open (sum | WORD? string | LP (number | quote) COMMA .{1,4} RP) RP* test',
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
    name: 'quote-constant-cut',
    score: 0.93,
    body: 0,
    pattern: 'open1 RP* logic open BOOL RP* (DASH2 | CUT)',
    why: why.constant,
  },
  {
    name: 'quote-or-quote',
    score: 0.96,
    body: 0.95,
    pattern: `strictLead open1 RP* (operator | logic)* (logic | EQ | NE) open quote
      ((value | PERCENT){1,3} quote (compare | LIKE | logic | RP* test)
      | quote (operator | logic | quote) | NUM (EQ | LIKE) SAME)`,
    why: 'a quote ends the string and a second string is added to the condition',
  },
  {
    name: 'quote-or-quote-open',
    score: 0.95,
    body: 0,
    pattern: `^ PERCENT? (given? (SQ1 | DQ1) | given BQ1) RP* (operator | logic)* (AND | OR | XOR | AMP2 | EQ | NE) open (SQ2 | DQ2 | BQ2) (value | PERCENT){1,3} $
      | ^ PERCENT? (given? (SQ1 | DQ1) | given BQ1) RP* PIPE2 open (SQ2 | DQ2 | BQ2) value $ | ^ (SQ1 logic DQ1 | DQ1 logic SQ1) $ | ^ given open1 RP* logic open quote $`,
    why: 'a quote ends the string and a second string is added to the condition',
  },
  {
    name: 'quote-logic-call',
    score: 0.97,
    body: 0,
    pattern: `open1 RP* logic open (sqlFunction LP | BARE_INFO
      | EXISTS LP+ SELECT | LP SELECT | CASE WHEN | VAR | SYSVAR | DOLLAR | ROW (LP | LB) | SELECT (column | quote)
      | quote (LC | LB) .{0,10} (RC | RB) quote (JSONOP | QM | EQ))`,
    why: why.call,
  },
  {
    name: 'quote-logic-call-at-start',
    score: 0.98,
    body: 0.97,
    pattern:
      'strictLead open1 RP* logic open (function LP | CALL LP .{0,16} RP (test | stop | logic) | EXISTS LP | LP SELECT | CASE WHEN | SYSVAR | DOLLAR | ROW (LP | LB) | quote (LC | LB) .{0,10} (RC | RB) quote (JSONOP | QM | EQ))',
    why: why.call,
  },
  {
    name: 'quote-logic-cut',
    score: 0.93,
    body: 0,
    pattern: 'strictLead open1 RP* logic open sum RP* (cut | SEMI comment)',
    why: 'a quote ends the string, a condition follows and a comment cuts off the rest',
  },
  {
    name: 'quote-test',
    score: 0.95,
    body: 0.9,
    pattern: `strictLead open1 RP* (NOT? (LIKE+ | SIMILAR TO) open (value stop | number | quote (PERCENT | STAR | NUM | WORD STAR | (WORD | PERCENT){1,3} (comment | PERCENT | SEMI)))
      | IS NOT? NUM (compare | logic) | IS NOT? (NULL | BOOL) (!(SQ2 | DQ2 | BQ2) | $) | NOT? IN LP | NOT? BETWEEN open (number | text AND)
      | IN WORD WORD RP (cut | SEMI | logic | clause))
      | ^ given open1 RP* IN WORD WORD RP $`,
    why: why.compare,
  },
  {
    name: 'quote-operator-call',
    score: 0.97,
    body: 0.95,
    pattern: `lead open1 RP* (attaching | COMMA)+ open sqlFunction LP | lead open1 RP* (operator | COMMA)+ open (LP SELECT | LP CASE | EXISTS LP)
      | strictLead open1 RP* (operator | COMMA) open (function LP | SYSVAR | BARE_INFO) | strictLead open1 RP* joiner open VAR`,
    why: why.attached,
  },
  {
    name: 'quote-operator-cut',
    score: 0.95,
    body: 0.95,
    pattern: `strictLead open1 RP* joiner+ open sum RP* (cut | SEMI comment) | ^ given? open1 (EQ | NE) quote quote (DASH2 | CUT) | strictLead open1 RP* DIV open value stop
      | strictLead open1 RP* attaching open sum RP* (DASH2 | HASH | CUT)`,
    why: why.attached,
  },
  {
    name: 'quote-operator-quote',
    score: 0.93,
    body: 0,
    pattern: `strictLead open1 RP* (PLUS | PIPE2 | AMP2 | EQ | NE | DIV) open (sum | text) RP* joiner open quote unquoted{0,2} $
      | ^ given open1 RP* arithmetic open NUM RP* arithmetic quote $ | ^ given (SQ1 | DQ1) (PLUS | PIPE2 | AMP2) quote value $ | ^ given BQ1 (PLUS | PIPE2 | AMP2) BQ2 value $
      | ^ PERCENT? given open1 RP* operator open NUM RP* (operator open value RP*)? (compare | LIKE | logic) open quote
      | ^ PERCENT? given open1 RP* (joiner | arithmetic) open sum RP* (compare | LIKE | logic | IS | NOT)+ open value RP* (operator | logic)+ open quote
      | strictLead open1 RP* compare open LP? (value) RP* logic open quote | strictLead open1 RP* arithmetic open (VAR | SYSVAR | NULL) (operator | logic)
      | ^ given open1 RP* (logic | PIPE | AMP | CARET) open value (operator | logic)+ open quote value? $ | ^ given SQ1 NOT? (compare | LIKE+ | DIV | SHIFT) SQ2 value $`,
    why: 'an expression is attached to both ends of the string',
  },
  {
    name: 'quote-row',
    score: 0.93,
    body: 0,
    pattern:
      'strictLead open1 RP* (COMMA open (value | string))+ RP+ (comment | COMMA LP | WORD WORD quote | SEMI comment)',
    why: 'a quote ends the string and the rest of an INSERT is written out',
  },
  {
    name: 'quote-clause',
    score: 0.96,
    body: 0.95,
    pattern: `lead open1 RP* (ORDER BY (open (number | LP | function | CASE) | value (stop | COMMA))
      | GROUP BY (value | function | LP) | HAVING open (value | function) | LIMIT NUM
      | PROCEDURE (ANALYSE | CALL) | INTO (OUTFILE | VAR | value OUTFILE) | COLLATE quote value quote | WHERE open value sqlTest)`,
    why: 'a quote ends the string and another clause of the statement begins',
  },
  {
    name: 'quote-comment',
    score: 0.95,
    body: 0.9,
    pattern: `strictLead open1 RP* SEMI* (DASH2 | HASH | CUT) ($ | MINUS) | ^ given (SQ1 RP* | open1 RP+) SEMI $ | ^ given open1 RP* COPEN $
      | ^ given? open1 RP* SEMI (DASH2 | HASH | CUT | .{1,10} (DASH2 | CUT) ($ | MINUS)) | ^ given open1 RP* (WORD | COLLATE){1,3} (DASH2 | CUT) $`,
    why: why.cut,
  },
  {
    name: 'quote-comment-text',
    score: 0.93,
    body: 0,
    pattern: `^ value PERCENT open1 (HASH | HASHTAG | DASH2 | DASH_WORD) | ^ given open1 RP* SEMI* CUT WORD? $ | ^ open1 RP* SEMI* CUT $ | ^ WORD open1 (DASH2 | HASH) WORD $
      | strictLead open1 RP+ (comment | HASHTAG) .{0,2} $ | ^ given open1 RP* (SEMI WORD $ | CCLOSE (WORD | DASH2)? $)`,
    why: why.cut,
  },
  {
    name: 'quote-statement',
    score: 0.98,
    body: 0.97,
    pattern: 'lead open1 RP* SEMI+ anyStatement',
    why: 'a second statement follows the string',
  },
  {
    name: 'quote-statement-anywhere',
    score: 0.96,
    body: 0,
    pattern: `open1 RP* SEMI+ anyStatement | open1 RP* EXEC (XP | SP | LP (VAR | quote))
      | strictLead open1 RP* (DECLARE VAR | WAITFOR (DELAY | WORD) (quote | NUM | VAR) | INSERT INTO value (LP | VALUES)
        | DROP TABLE value (DASH2 | $) | BEGIN (DECLARE | WORD DECLARE) | GRANT .{1,3} TO value | CREATE OBJECT value WORD BY)
      | ^ MINUS? NUM open1 RP* SELECT column`,
    why: 'a second statement follows a string',
  },
];
