/**
 * `Content-Range` (RFC 9110 §14.4) of rows: `0-9/15`, with `*` for a range or a total that is not known.
 * @param lower first row, counted from 0
 * @param upper last row; below `lower` when there are none
 */
export function contentRange(lower: number, upper: number, total: number | undefined): string {
  const rows = total !== 0 && lower <= upper ? `${lower}-${upper}` : '*';
  return `${rows}/${total ?? '*'}`;
}
