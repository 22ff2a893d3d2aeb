import type { PlanResult } from '../../../../sdk/index.ts';

/** `/items?id=eq.5`: where the row that was made is; undefined when there is not exactly one, or nobody asked. */
export function locationOf(path: string, result: PlanResult): string | undefined {
  const header = result.columns?.['header'] ?? null;
  if (header === null) return undefined;
  const pairs = JSON.parse(header) as readonly (readonly [column: string, condition: string])[];
  return `${path}?${pairs.map(([column, condition]) => `${encode(column)}=${encode(condition)}`).join('&')}`;
}

/** All but the unreserved characters (RFC 3986 §2.3). */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
