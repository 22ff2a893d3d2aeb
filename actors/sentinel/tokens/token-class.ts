/**
 * The alphabet of the signatures: every piece of a value becomes one of these. Quotes are never paired (an
 * injection is unbalanced by nature); instead a quote knows whether it is an odd one (it opens, or breaks out of
 * the string the value was put into) or an even one (it closes a string inside the value).
 *
 * - `SAME`: a word or number equal to the operand on the other side of the comparison (`7=7`, `a like a`)
 * - `CALL`: a word with an opening bracket directly behind it; the functions below only count with a bracket
 * - `F_COMMON`: functions that programming languages have too; `DOLLAR_NAME`: `$name`, `$1`; `SP`: `sp_…`
 * - `CUT`: `--`, `#` or an unclosed `/*` directly behind a quote, bracket or semicolon
 * - `DASH_WORD`: `--` between two word characters (`7--61--metal`), `DASH_FLAG`: `--color`, `RULE`: `---`, en and
 *   em dash, `HASHTAG`: `#12`, `#sale`: comments to SQL, rarely so to people
 */
const names = [
  ...['START', 'END', 'WORD', 'NUM', 'HEX', 'SAME', 'CALL', 'VAR', 'SYSVAR', 'DOLLAR', 'DOLLAR_NAME'],
  ...['SQ1', 'SQ2', 'DQ1', 'DQ2', 'BQ1', 'BQ2'],
  ...['LP', 'RP', 'LB', 'RB', 'LC', 'RC', 'COMMA', 'SEMI', 'DOT', 'COLON', 'ASSIGN', 'QM'],
  ...['EQ', 'EQ2', 'NE', 'LT', 'GT', 'ARROW', 'TILDE', 'BANG', 'JSONOP'],
  ...['PLUS', 'MINUS', 'STAR', 'SLASH', 'PERCENT', 'PIPE', 'AMP', 'CARET', 'SHIFT', 'PIPE2', 'AMP2'],
  ...['DASH2', 'DASH_WORD', 'DASH_FLAG', 'RULE', 'HASH', 'HASHTAG', 'COPEN', 'CUT', 'CCLOSE', 'OTHER'],
  ...['AND', 'OR', 'XOR', 'NOT', 'DIV', 'LIKE', 'SIMILAR', 'IS', 'NULL', 'BOOL', 'IN', 'BETWEEN', 'EXISTS'],
  ...[
    'UNION',
    'SELECT',
    'ALL',
    'VALUES',
    'TABLE',
    'FROM',
    'WHERE',
    'ORDER',
    'GROUP',
    'BY',
    'HAVING',
    'LIMIT',
  ],
  ...[
    'INTO',
    'OUTFILE',
    'CASE',
    'WHEN',
    'THEN',
    'ELSE',
    'END_WORD',
    'AS',
    'ON',
    'TO',
    'SET',
    'ANY',
    'BINARY',
  ],
  ...['INSERT', 'UPDATE', 'DELETE', 'DROP', 'CREATE', 'ALTER', 'TRUNCATE', 'GRANT', 'EXEC', 'DECLARE'],
  ...[
    'SHUTDOWN',
    'WAITFOR',
    'DELAY',
    'COPY',
    'PROGRAM',
    'LISTEN',
    'PROCEDURE',
    'ANALYSE',
    'BEGIN',
    'IF_WORD',
    'OBJECT',
  ],
  ...['LOAD', 'CALL_WORD', 'MAINTAIN', 'BARE_INFO', 'COLLATE', 'ROW'],
  ...['IF', 'SLEEP', 'F_DELAY', 'F_ERROR', 'F_INFO', 'F_STRING', 'F_FILE', 'F_COMMON', 'F_CAST'],
  ...['SYSTEM', 'XP', 'SP'],
] as const;

export type TokenClass = (typeof names)[number];

/** Names of the classes; the index is the code of the class. */
export const tokenClasses: readonly TokenClass[] = names;

/** Code of each class. */
export const tokenCode = Object.fromEntries(names.map((name, code) => [name, code])) as Readonly<
  Record<TokenClass, number>
>;
