/** From which score on a surface what is done: 0 to 1, higher is worse. Below `log` nothing is. */
export interface Bands {
  readonly log: number;
  readonly throttle: number;
  readonly block: number;
  readonly escalate: number;
}

/**
 * Confidence bands per surface, of the score that `combine` answers. Parameters, paths and headers are `query`; a whole
 * statement is `sql`. In a body people write about anything and a value is a bound parameter anyway, so there the
 * score itself is the stricter one as well (see `combine`).
 */
export const thresholds: Readonly<Record<'query' | 'body' | 'sql', Bands>> = {
  query: { log: 0.5, throttle: 0.7, block: 0.85, escalate: 0.95 },
  body: { log: 0.7, throttle: 0.8, block: 0.9, escalate: 0.97 },
  sql: { log: 0.5, throttle: 0.7, block: 0.85, escalate: 0.95 },
};
