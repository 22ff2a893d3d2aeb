import { blocks } from './blocks.ts';
import { decodeTransport } from './decode-transport.ts';
import type { Finding } from './finding.ts';
import { isHarmless } from './is-harmless.ts';
import type { ValueScan } from './value-scan.ts';
import { worse } from './worse.ts';

/**
 * A path by its segments, and as a whole when one of them is not plain: a payload may hold a slash.
 * @param path percent-encoded as received
 */
export function inspectPath(scan: ValueScan, path: string): Finding | undefined {
  if (isHarmless(path)) return undefined;
  let worst = scan.look(decodeTransport(path), 'path');
  for (const segment of path.split('/')) {
    if (blocks(worst)) return worst;
    worst = worse(worst, scan.look(decodeTransport(segment), 'path'));
  }
  return worst;
}
