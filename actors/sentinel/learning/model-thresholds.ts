/** Surfaces that models judge: parameters, paths and headers are `query`; `sql` is a whole statement. */
export type ModelSurface = 'query' | 'body' | 'sql';

/**
 * From which calibrated score a model's verdict is logged, and from which it blocks. Chosen with the figures of the
 * folds in view, so those flatter a little; a value is a bound parameter anyway, so in a body a false alarm is the worse fault.
 */
export const modelThresholds: Readonly<
  Record<ModelSurface, { readonly log: number; readonly block: number }>
> = {
  query: { log: 0.5, block: 0.8 },
  body: { log: 0.95, block: 0.9999 },
  sql: { log: 0.3, block: 0.5 },
};
