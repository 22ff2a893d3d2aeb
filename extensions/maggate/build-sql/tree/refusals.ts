/**
 * SQLSTATEs that the statements raise themselves: COMMIT is on the wire before the answer is seen, so what must roll
 * back has to fail inside. They never go to a caller; the dialect tells them in its own words.
 */
export const refusals = {
  /** One object was asked for and the result has not one row. Message: the number of rows. */
  notSingular: 'MFG01',
  /** More rows than `max-affected` allows. Message: the number of rows. */
  maxAffected: 'MFG02',
  /** The row of a PUT does not have the key that the URL names. Message: the number of rows. */
  putKey: 'MFG03',
} as const;
