/** A bracket, or the statement outside all of them. */
export class StatementFrame {
  kind: '' | 'select' | 'update' | 'insert' | 'delete' | 'other' | 'values' = '';
  /** The items of the select list that is read or was read last, -1 when unknown. */
  items = -1;
  inList = false;
  constants = true;
  counting = 0;
  hasTable = false;
  star = false;
  rank = 0;
  inSet = false;
  /** Items of the select before a UNION; -1 unknown, 0 none. */
  left = 0;
  leftHasTable = false;
  afterUnion = false;
  /** Comparisons since the last AND, OR, comma or clause. */
  comparisons = 0;
  /** CASE that has not ended. */
  cases = 0;
}
