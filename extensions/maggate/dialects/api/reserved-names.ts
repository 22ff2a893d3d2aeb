/**
 * Query names with a meaning of their own in this dialect. A column of such a name is reached with a leading
 * `col.` (`?col.sort=eq.x`).
 */
export const reservedNames = ['sort', 'limit', 'page', 'fields', 'q', 'count'] as const;

/** Further reserved names; a list that has one is planned as a tree of relations. */
export const furtherNames = [
  ...(['or', 'and', 'not.or', 'not.and'] as const),
  ...(['group', 'having', 'distinct', 'search', 'cursor'] as const),
] as const;

export type FurtherName = (typeof furtherNames)[number];

export type ReservedName = (typeof reservedNames)[number];
