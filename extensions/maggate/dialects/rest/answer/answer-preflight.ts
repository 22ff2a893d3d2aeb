import type { GatewayAnswer } from '../../../../sdk/index.ts';
import { corsHeaders } from './cors-headers.ts';

const methods = 'GET, POST, PATCH, PUT, DELETE, OPTIONS, HEAD';
const safelisted = ['Accept', 'Accept-Language', 'Content-Language'];
const nameList = /^[\w!#$%&'*+.^`|~, -]{1,1024}$/;

/**
 * The answer to a preflight, or undefined when the request is not one, or comes from an origin that may not ask.
 * @param headers of the request, lower-case names
 */
export function answerPreflight(
  origins: readonly string[],
  method: string,
  headers: Readonly<Record<string, string>>,
): GatewayAnswer | undefined {
  const origin = headers['origin'];
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return undefined;
  const allowed = corsHeaders(origins, origin);
  if (allowed['Access-Control-Allow-Origin'] === undefined) return undefined;
  const asked = headers['access-control-request-headers'] ?? '';
  const names = nameList.test(asked) ? asked.split(',').map((name) => name.trim()) : [];
  return {
    status: 200,
    headers: {
      ...allowed,
      'Access-Control-Allow-Headers': ['Authorization', ...names.filter(Boolean), ...safelisted].join(', '),
      'Access-Control-Allow-Methods': methods,
      'Access-Control-Max-Age': '86400',
    },
    body: '',
  };
}
