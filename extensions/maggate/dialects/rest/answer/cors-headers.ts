import type { AnswerHeaders } from './answer-headers.ts';

const exposed =
  'Content-Encoding, Content-Location, Content-Range, Content-Type, Date, Location, Server, Transfer-Encoding, Range-Unit';

/**
 * Headers that let pages of other origins read an answer (WHATWG Fetch, CORS protocol), by the project's own list of
 * origins. Without a list the daemon's setting holds and nothing is said here.
 * @param origins setting serverCorsAllowedOrigins; `*` lets any page read, without credentials
 */
export function corsHeaders(origins: readonly string[], origin: string | undefined): AnswerHeaders {
  if (origins.length === 0) return {};
  if (origins.includes('*')) {
    return { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': exposed };
  }
  if (origin === undefined || !origins.includes(origin)) return { Vary: 'Origin' };
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': exposed,
  };
}
