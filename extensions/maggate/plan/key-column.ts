/** Name of a column that a list needs for its cursors and does not show. */
export function keyColumn(index: number): string {
  return `magflock.key.${index}`;
}
