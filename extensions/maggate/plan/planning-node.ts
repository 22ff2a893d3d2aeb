import type { ReadNode } from './read-plan.ts';

/** A node of a read tree while it is planned. Lists are replaced as a whole: they may be shared. */
export type PlanningNode = Omit<{ -readonly [Key in keyof ReadNode]: ReadNode[Key] }, 'children'> & {
  children: PlanningNode[];
};
