import type { Signature } from './signature.ts';

const why = 'the result of a second query is appended to that of the first';

/** UNION and its relatives. "Union Select Committee" is a committee. */
export const unionSignatures: readonly Signature[] = [
  {
    name: 'union-select-columns',
    score: 0.97,
    body: 0,
    pattern: `UNION ALL? LP* SELECT ALL?
      (open (NUM | SAME) (COMMA | FROM | stop | RP | operator | AS | LIMIT | INTO | WHERE | logic)
      | open (HEX | NULL | BOOL | STAR | SYSVAR | VAR | BARE_INFO | CASE | quote | function | LP))`,
    why,
  },
  {
    name: 'union-select-names',
    score: 0.95,
    body: 0,
    pattern: `UNION ALL? LP* SELECT ALL? open value (operator value)? ((COMMA value?){2,} | COMMA? FROM (value | LP | quote | LB) | cut | SEMI)
      | UNION ALL LP* SELECT (value (COMMA | $) | CALL LP)`,
    why,
  },
  {
    name: 'union-after-break',
    score: 0.98,
    body: 0.97,
    pattern: `lead (open1 RP* | RP+) SEMI? UNION ALL? (LP* SELECT ALL? (selection | $) | LP* VALUES LP | TABLE value)
      | lead open1 RP* UNION ALL LP* SELECT
      | numberLead RP* UNION ALL? (LP* (SELECT ALL? selection | VALUES LP | TABLE value stop) | (NUM COMMA){2})`,
    why,
  },
  {
    name: 'union-after-break-anywhere',
    score: 0.96,
    body: 0,
    pattern: `(quote RP* | RP+ | HEX | NUM | VAR | NULL) UNION ALL? (LP* (SELECT ALL? selection | VALUES LP | TABLE value (cut | SEMI)) | ALL LP* SELECT)`,
    why,
  },
  {
    name: 'union-values',
    score: 0.95,
    body: 0,
    pattern: `UNION ALL? LP* (VALUES LP column | TABLE value (cut | SEMI)) | strictLead UNION ALL? TABLE value $
      | strictLead UNION ALL VALUES LP | ^ UNION ALL SELECT $ | numberLead RP* UNION ALL? LP* SELECT | numberLead UNION cut | ^ MINUS NUM HASH* UNION`,
    why,
  },
];
