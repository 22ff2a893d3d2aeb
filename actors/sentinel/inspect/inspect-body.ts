import type { JsonText } from '../../../runtime/protocol/json-text.ts';
import { blocks } from './blocks.ts';
import type { Finding } from './finding.ts';
import type { ValueScan } from './value-scan.ts';
import { worse } from './worse.ts';

/** Deeper than this the source text of a value is judged as a whole. */
const deepest = 256;

/** The strings of a parsed body, keys too; `where` tells the place: `body.items[3].name`. */
export function inspectJson(scan: ValueScan, json: JsonText): Finding | undefined {
  const { steps } = scan;
  if (json.kind === 'string') return scan.look(json.value, 'body');
  if (json.kind !== 'array' && json.kind !== 'object') return undefined;
  if (steps.length >= deepest) return scan.look(json.source, 'body');
  let worst: Finding | undefined;
  if (json.kind === 'array') {
    for (const [index, item] of json.items.entries()) {
      steps.push(index);
      worst = worse(worst, inspectJson(scan, item));
      steps.pop();
      if (blocks(worst)) return worst;
    }
    return worst;
  }
  for (const [key, value] of json.entries) {
    steps.push(key);
    worst = worse(worst, worse(scan.look(key, 'body'), inspectJson(scan, value)));
    steps.pop();
    if (blocks(worst)) return worst;
  }
  return worst;
}
