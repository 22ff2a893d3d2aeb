/**
 * Query names with a meaning of their own in this dialect. A column of such a name is reached with a leading
 * `col.` (`?col.sort=eq.x`).
 */
export const reservedNames = ['sort', 'limit', 'page', 'fields', 'q', 'count'] as const;

export type ReservedName = (typeof reservedNames)[number];
