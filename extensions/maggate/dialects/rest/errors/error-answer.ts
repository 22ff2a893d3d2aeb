import type { DataApiSettings, GatewayAnswer } from '../../../../sdk/index.ts';
import type { RestError } from '../rest-error.ts';
import { isHeader } from './is-header.ts';

const utf8Json = 'application/json; charset=utf-8';

/** An error of the dialect as an answer: `{code, message, details, hint}`, and its code for proxies (RFC 9209). */
export function errorAnswer(
  error: RestError,
  verbosity: DataApiSettings['clientErrorVerbosity'],
): GatewayAnswer {
  const { code, message, details, hint } = error;
  const proxyStatus = `PostgREST; error=${code}`;
  return {
    status: error.status,
    headers: {
      'Content-Type': utf8Json,
      ...(isHeader(['Proxy-Status', proxyStatus]) ? { 'Proxy-Status': proxyStatus } : {}),
      ...error.headers,
    },
    body: JSON.stringify(verbosity === 'minimal' ? { code, message } : { code, message, details, hint }),
    failed: code,
  };
}
