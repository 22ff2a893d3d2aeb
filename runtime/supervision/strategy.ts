/** Who is restarted with the child that ended: itself, all its siblings, or those started after it. */
export type Strategy = 'one_for_one' | 'one_for_all' | 'rest_for_one';
