import type { JsonText } from '../../../../sdk/index.ts';
import { invalidBody } from '../errors/invalid-body.ts';
import type { Payload } from '../rest-request.ts';

type JsonPayload = Extract<Payload, { kind: 'json' }>;

/**
 * A body of JSON: an object, or objects that all have the same keys. Anything else, and an empty list, is no rows.
 * @param text the source
 * @throws RestError PGRST102 when the keys differ
 */
export function jsonPayload(text: string, json: JsonText): JsonPayload {
  if (json.kind === 'object') {
    return { kind: 'json', text, keys: new Set(json.entries.keys()), many: false, empty: false };
  }
  const items = json.kind === 'array' ? json.items : [];
  const [first] = items;
  if (first === undefined) return { kind: 'json', text: '[]', keys: new Set(), many: true, empty: true };
  if (first.kind !== 'object' || !items.every((item) => hasKeysOf(first.entries, item))) {
    throw invalidBody('All object keys must match');
  }
  return { kind: 'json', text, keys: new Set(first.entries.keys()), many: true, empty: false };
}

function hasKeysOf(expected: ReadonlyMap<string, JsonText>, item: JsonText): boolean {
  if (item.kind !== 'object' || item.entries.size !== expected.size) return false;
  for (const key of item.entries.keys()) if (!expected.has(key)) return false;
  return true;
}
