import type { Finding } from './finding.ts';
import { isHarmless } from './is-harmless.ts';
import type { SqlGuard } from './sql-guard.ts';
import { thresholds } from './thresholds.ts';

/**
 * A path by its segments, and as a whole when one of them is not plain: a payload may hold a slash.
 * @param path percent-encoded as received
 */
export function inspectPath(guard: SqlGuard, path: string): Finding | undefined {
  if (isHarmless(path)) return undefined;
  for (const segment of path.split('/')) {
    if (isHarmless(segment)) continue;
    const finding = judge(guard, segment) ?? judge(guard, path);
    if (finding !== undefined) return finding;
  }
  return undefined;
}

function judge(guard: SqlGuard, value: string): Finding | undefined {
  const { score, signature } = guard.inspect(value, 'path');
  if (signature === undefined || score < thresholds.path.log) return undefined;
  return { score, signature, surface: 'path', where: 'path', value };
}
