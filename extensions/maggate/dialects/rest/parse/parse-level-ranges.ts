import type { RowRange } from '../../../query/query-params.ts';
import { parseTreePath } from './parse-tree-path.ts';
import { readInteger } from './read-integer.ts';

type Given = readonly (readonly [name: string, value: string])[];

/**
 * `limit` and `offset` of every level; of repeated ones the last holds. What is no integer counts as not given, but a
 * broken limit beside an offset as 0, as in the original.
 * @throws RestError PGRST100 for a path that cannot be read
 */
export function parseLevelRanges(limits: Given, offsets: Given): ReadonlyMap<string, RowRange> {
  const ranges = new Map<string, RowRange>();
  if (limits.length + offsets.length === 0) return ranges;
  const limitsByLevel = byLevel(limits);
  const offsetsByLevel = byLevel(offsets);
  for (const [level, text] of limitsByLevel) {
    const limit = readInteger(text);
    const offset = offsetsByLevel.get(level);
    if (offset === undefined) ranges.set(level, { offset: 0, limit });
    else ranges.set(level, { offset: readInteger(offset) ?? 0, limit: limit ?? 0 });
  }
  for (const [level, text] of offsetsByLevel) {
    if (!limitsByLevel.has(level)) ranges.set(level, { offset: readInteger(text) ?? 0, limit: undefined });
  }
  return ranges;
}

function byLevel(given: Given): Map<string, string> {
  const levels = new Map<string, string>();
  for (const [name, value] of given) levels.set(parseTreePath(name).path.join('\0'), value);
  return levels;
}
