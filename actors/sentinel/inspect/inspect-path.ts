import { blocks } from './blocks.ts';
import type { Finding } from './finding.ts';
import { isHarmless } from './is-harmless.ts';
import type { SqlGuard } from './sql-guard.ts';
import { thresholds } from './thresholds.ts';
import { worse } from './worse.ts';

/**
 * A path by its segments, and as a whole when one of them is not plain: a payload may hold a slash.
 * @param path percent-encoded as received
 */
export function inspectPath(guard: SqlGuard, path: string): Finding | undefined {
  if (isHarmless(path)) return undefined;
  let worst = judge(guard, path);
  for (const segment of path.split('/')) {
    if (blocks(worst)) return worst;
    worst = worse(worst, judge(guard, segment));
  }
  return worst;
}

function judge(guard: SqlGuard, value: string): Finding | undefined {
  if (isHarmless(value)) return undefined;
  const { score, signature } = guard.inspect(value, 'path');
  if (signature === undefined || score < thresholds.path.log) return undefined;
  return { score, signature, surface: 'path', where: 'path', value };
}
