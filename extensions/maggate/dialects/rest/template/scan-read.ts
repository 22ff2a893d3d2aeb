import type { GatewayRequest } from '../../../../sdk/index.ts';
import { isUsualLimit } from '../../../build-sql/tree/is-usual-limit.ts';
import { decodePart } from '../parse/decode-part.ts';

/** What kind of text stands at a place of a query string that differs from request to request. */
export type HoleKind = 'value' | 'limit' | 'offset';

/** A read taken apart: what is the same in all requests of its shape, and what differs. */
export interface ScannedRead {
  /** Same key, same shape. */
  readonly key: string;
  /** Raw text of the query around the holes; one more than there are holes. */
  readonly parts: readonly string[];
  readonly kinds: readonly HoleKind[];
  /** Decoded, one for each hole. */
  readonly values: readonly string[];
}

/** Operators whose value is one parameter, whatever it says. */
const operators: ReadonlySet<string> = new Set(['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'like', 'ilike']);
/** Logic has values of its own inside, and the lists of columns have rules of their own; a quoted name may be one. */
const unscanned = /(?:^|\.)(?:and|or)$|^(?:columns|on_conflict)$|%/;
const longestKey = 2_000;

/**
 * Finds the values in a GET of a table, without understanding the rest.
 * @returns undefined for what is not worth remembering: other methods, conditions of a hook, a Range header, and
 *   query strings whose shape cannot be told cheaply
 */
export function scanRead(request: GatewayRequest): ScannedRead | undefined {
  const { method, query, headers, filter } = request;
  if (method !== 'GET' || (filter !== undefined && filter !== '') || headers['range'] !== undefined)
    return undefined;
  // A `;` divides parameters too, and a NUL is an error of its own.
  if (query.length > longestKey || query.includes(';') || query.includes('%00') || query.includes('\0'))
    return undefined;
  const parts: string[] = [];
  const kinds: HoleKind[] = [];
  const values: string[] = [];
  let from = 0;
  let at = 0;
  while (at < query.length) {
    const found = query.indexOf('&', at);
    const end = found === -1 ? query.length : found;
    const equals = query.indexOf('=', at);
    if (equals !== -1 && equals < end) {
      const name = query.slice(at, equals);
      let start = -1;
      let kind: HoleKind = 'value';
      if (name === 'limit' || name === 'offset') {
        // Zero is another statement than other numbers, and what is no number is an error.
        const text = query.slice(equals + 1, end);
        if (!/^[1-9]\d{0,8}$/.test(text)) return undefined;
        if (name === 'offset' || !isUsualLimit(Number(text))) {
          start = equals + 1;
          kind = name;
        }
      } else if (unscanned.test(name)) {
        return undefined;
      } else if (name !== 'select' && name !== 'order') {
        start = valueStart(query, equals + 1, end);
      }
      if (start !== -1) {
        parts.push(query.slice(from, start));
        kinds.push(kind);
        const raw = query.slice(start, end);
        const value = kind === 'value' ? decoded(raw) : raw;
        if (value === undefined) return undefined;
        values.push(value);
        from = end;
      }
    }
    at = end + 1;
  }
  parts.push(query.slice(from));
  let key = `${request.visibleAs}\0${request.mountedPath}`;
  for (const name of ['accept', 'accept-profile', 'prefer']) key += `\0${headers[name] ?? ''}`;
  if (request.limits !== undefined) key += `\0${JSON.stringify(request.limits)}`;
  for (const part of parts) key += `\0${part}`;
  return key.length > longestKey ? undefined : { key, parts, kinds, values };
}

/** Where the value after `eq.` or `not.eq.` begins; -1 when the operator is another one. */
function valueStart(query: string, from: number, end: number): number {
  const start = query.startsWith('not.', from) ? from + 4 : from;
  const dot = query.indexOf('.', start);
  if (dot === -1 || dot >= end || !operators.has(query.slice(start, dot))) return -1;
  return dot + 1;
}

/** Undefined for bytes that are no text: whoever plans the request refuses them. */
function decoded(raw: string): string | undefined {
  try {
    return decodePart(raw);
  } catch {
    return undefined;
  }
}
