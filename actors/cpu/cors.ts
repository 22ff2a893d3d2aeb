import type { HeaderRecord } from './read-headers.ts';

/** Cross-origin answers for browsers (WHATWG Fetch, CORS protocol). */
export interface Cors {
  /**
   * Appends the headers of an ordinary answer to a raw header list.
   * @param exposes the answer names the headers that it exposes itself
   */
  append(headers: string[], origin: string | undefined, exposes?: boolean): void;
  /** Headers of the answer to a preflight, or undefined when the request is not one. */
  preflight(method: string, headers: HeaderRecord): Readonly<Record<string, string>> | undefined;
}

const exposed = 'ETag, Idempotency-Replayed, Link, Location, Retry-After, Server-Timing, X-Request-Id';
const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const headerList = /^[\w!#$%&'*+.^`|~, -]{1,1024}$/;
const preflightSeconds = '600';

/**
 * Makes the CORS rules. Without origins no header is ever sent, so browsers keep other pages out. `*` lets any
 * page call, without credentials; a listed origin may send them.
 * @param origins setting `corsOrigins`
 */
export function cors(origins: readonly string[]): Cors {
  const any = origins.includes('*');
  const listed = new Set(origins.map((origin) => origin.toLowerCase().replace(/\/$/, '')));
  const allows = (origin: string): boolean => any || listed.has(origin.toLowerCase());

  return {
    append(headers, origin, exposes = false) {
      if (any) {
        headers.push('Access-Control-Allow-Origin', '*');
        if (!exposes) headers.push('Access-Control-Expose-Headers', exposed);
        return;
      }
      if (listed.size === 0) return;
      // The answer differs by origin, also for those that are not allowed: a shared cache must know.
      headers.push('Vary', 'Origin');
      if (origin === undefined || !allows(origin)) return;
      headers.push('Access-Control-Allow-Origin', origin, 'Access-Control-Allow-Credentials', 'true');
      if (!exposes) headers.push('Access-Control-Expose-Headers', exposed);
    },
    preflight(method, headers) {
      const origin = headers['origin'];
      if (method !== 'OPTIONS' || origin === undefined) return undefined;
      if (headers['access-control-request-method'] === undefined) return undefined;
      // A preflight of a stranger is answered without permission; that is the refusal browsers understand.
      if (!allows(origin)) return {};
      const wanted = headers['access-control-request-headers'];
      return {
        'Access-Control-Allow-Methods': methods,
        'Access-Control-Max-Age': preflightSeconds,
        ...(wanted !== undefined && headerList.test(wanted)
          ? { 'Access-Control-Allow-Headers': wanted }
          : {}),
      };
    },
  };
}
