import type { RestRequest } from '../rest-request.ts';

/** Whether the rows are counted: what is only planned is not counted. */
export function wantsCount({ preferences }: RestRequest): boolean {
  return preferences.count === 'exact' || preferences.count === 'estimated';
}
