/**
 * Limits that stand in the statement's text. PostgreSQL cannot tell how many rows `LIMIT $1` will ask for and plans such
 * a statement anew each time, which takes longer than a page of twenty rows; with the number in it, it keeps the plan.
 * Round numbers only, so that nobody can fill a connection's prepared statements with all the others.
 */
export function isUsualLimit(limit: number): boolean {
  if (limit <= 10) return true;
  if (limit <= 100) return limit % 5 === 0 || limit % 12 === 0 || limit % 16 === 0;
  return limit <= 1_000 && limit % 50 === 0;
}
