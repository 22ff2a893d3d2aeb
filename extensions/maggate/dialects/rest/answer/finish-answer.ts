import type { DataApiSettings, GatewayAnswer } from '../../../../sdk/index.ts';
import { isHeader } from '../errors/is-header.ts';
import type { AnswerHeaders } from './answer-headers.ts';
import { corsHeaders } from './cors-headers.ts';
import { headerBytes } from './header-bytes.ts';

/**
 * What every answer of the dialect carries, an error too: who may read it, and the header by which the caller follows
 * the request (setting serverTraceHeader).
 * @param requestHeaders lower-case names
 */
export function finishAnswer(
  settings: DataApiSettings | undefined,
  requestHeaders: Readonly<Record<string, string>>,
  answer: GatewayAnswer,
): GatewayAnswer {
  const headers: AnswerHeaders = {};
  for (const name in answer.headers) {
    const value = answer.headers[name] as string | readonly string[];
    headers[name] = typeof value === 'string' ? headerBytes(value) : value.map(headerBytes);
  }
  if (settings !== undefined) {
    const traceHeader = settings.serverTraceHeader;
    const trace = traceHeader === null ? undefined : requestHeaders[traceHeader.toLowerCase()];
    if (traceHeader !== null && isHeader([traceHeader, trace])) headers[traceHeader] = trace as string;
    const cors = corsHeaders(settings.serverCorsAllowedOrigins, requestHeaders['origin']);
    for (const name in cors) {
      const value = cors[name] as string;
      headers[name] = name === 'Vary' && headers[name] !== undefined ? `${headers[name]}, ${value}` : value;
    }
  }
  return { ...answer, headers };
}
