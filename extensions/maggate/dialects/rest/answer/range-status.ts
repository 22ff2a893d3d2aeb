/**
 * Status of an answer with rows: 416 when the first row asked for lies behind the last, 206 when there are more rows
 * than these. Without a count nobody knows, so it is 200.
 */
export function rangeStatus(offset: number, rows: number, total: number | undefined): 200 | 206 | 416 {
  if (total === undefined) return 200;
  if (offset > total) return 416;
  return rows < total ? 206 : 200;
}
