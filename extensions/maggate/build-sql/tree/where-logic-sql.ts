/** ` WHERE a AND b`, or nothing. */
export function whereLogicSql(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}
