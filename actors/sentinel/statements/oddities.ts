/** One kind of oddity: how much it says by itself, and in words. */
export interface Oddity {
  /** As the score of a signature on the surface `sql`: from the block threshold on it decides alone. */
  readonly score: number;
  /** Goes on after "the statement". */
  readonly reason: string;
}

/**
 * What the syntax of a statement can tell. What people do write in honest statements, too, stays below the block
 * threshold: there the model confirms or refutes it. Functions weigh more inside of conditions, values and the second
 * half of a UNION, where nobody calls them for their own sake.
 */
export const oddities = {
  'always-true': { score: 0.84, reason: 'has a condition behind OR that holds for every row' },
  'any-pattern': { score: 0.7, reason: 'has a pattern behind OR that fits every text' },
  'constant-alternative': { score: 0.75, reason: 'compares constants behind OR' },
  'constant-condition': { score: 0.75, reason: 'compares constants behind AND' },
  'odd-operation': { score: 0.6, reason: 'has two texts as the operands of one operator' },
  'system-condition': { score: 0.75, reason: 'compares with facts of the server' },
  'catalog-union': { score: 0.92, reason: 'joins the system catalog to its rows by UNION' },
  'system-union': { score: 0.92, reason: 'joins facts of the server to its rows by UNION' },
  'constant-union': { score: 0.8, reason: 'joins a row of constants to its rows by UNION' },
  'padded-union': { score: 0.75, reason: 'joins rows that are filled up with constants by UNION' },
  'catalog-subquery': { score: 0.75, reason: 'reads the system catalog inside an expression' },
  credentials: { score: 0.8, reason: 'reads the passwords of the server' },
  'further-statement': { score: 0.84, reason: 'has a statement of another kind behind the first one' },
  'time-function': { score: 0.6, reason: 'waits on purpose' },
  'file-function': { score: 0.75, reason: 'reads or writes files of the server' },
  'network-function': { score: 0.75, reason: 'opens connections from the server' },
  'error-function': { score: 0.7, reason: 'calls a function that tells data by its errors' },
  'program-function': { score: 0.84, reason: 'runs a program on the server' },
  'time-function-inside': { score: 0.92, reason: 'waits on purpose inside an expression' },
  'file-function-inside': { score: 0.92, reason: 'reads or writes files of the server inside an expression' },
  'network-function-inside': { score: 0.92, reason: 'opens connections from inside an expression' },
  'error-function-inside': { score: 0.84, reason: 'calls a function that tells data by its errors' },
  'program-function-inside': { score: 0.95, reason: 'runs a program on the server' },
  program: { score: 0.95, reason: 'runs a program on the server' },
  'server-file': { score: 0.5, reason: 'copies from or to a file of the server' },
  'spelled-constant': { score: 0.8, reason: 'spells a text out character by character' },
  'set-role': { score: 0.6, reason: 'takes on another role' },
  'cut-off': { score: 0.84, reason: 'ends in a comment that cuts the rest off' },
} as const satisfies Record<string, Oddity>;

export type OddityName = keyof typeof oddities;

/** Kinds of functions that weigh more inside. */
export type TellingFunction =
  | 'time-function'
  | 'file-function'
  | 'network-function'
  | 'error-function'
  | 'program-function';
