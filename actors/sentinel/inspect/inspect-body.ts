import type { JsonText } from '../../../runtime/protocol/json-text.ts';
import { blocks } from './blocks.ts';
import type { Finding } from './finding.ts';
import { isHarmless } from './is-harmless.ts';
import { safeName } from './safe-name.ts';
import type { SqlGuard } from './sql-guard.ts';
import { thresholds } from './thresholds.ts';
import { worse } from './worse.ts';

/** Deeper than this the source text of a value is judged as a whole. */
const deepest = 256;
const longestPlace = 200;

/** The strings of a parsed body, keys too; `where` tells the place: `body.items[3].name`. */
export function inspectJson(guard: SqlGuard, json: JsonText): Finding | undefined {
  const finding = walk(guard, json, 0);
  return finding && { ...finding, where: `body${finding.where}`.slice(0, longestPlace) };
}

/** A body that is not JSON, as one string. */
export function inspectText(guard: SqlGuard, text: string): Finding | undefined {
  const finding = judge(guard, text);
  return finding && { ...finding, where: 'body' };
}

function walk(guard: SqlGuard, json: JsonText, depth: number): Finding | undefined {
  if (json.kind === 'string') return judge(guard, json.value);
  if (json.kind !== 'array' && json.kind !== 'object') return undefined;
  if (depth >= deepest) return judge(guard, json.source);
  let worst: Finding | undefined;
  if (json.kind === 'array') {
    for (const [index, item] of json.items.entries()) {
      worst = worse(worst, below(walk(guard, item, depth + 1), `[${index}]`));
      if (blocks(worst)) return worst;
    }
    return worst;
  }
  for (const [key, value] of json.entries) {
    const finding = worse(judge(guard, key), walk(guard, value, depth + 1));
    worst = worse(worst, finding && below(finding, `.${safeName(key)}`));
    if (blocks(worst)) return worst;
  }
  return worst;
}

function below(finding: Finding | undefined, step: string): Finding | undefined {
  return finding && { ...finding, where: step + finding.where };
}

function judge(guard: SqlGuard, value: string): Finding | undefined {
  if (isHarmless(value)) return undefined;
  const { score, signature } = guard.inspect(value, 'body');
  if (signature === undefined || score < thresholds.body.log) return undefined;
  return { score, signature, surface: 'body', where: '', value };
}
