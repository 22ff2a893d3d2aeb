import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { problemDetails } from '../../runtime/errors/problem-details.ts';
import type { GatewayAnswer } from '../../runtime/protocol/gateway.protocol.ts';
import type { Exchange } from './exchange.ts';
import { refusedRequest } from './refused-request.ts';

/** Of an unexpected error nobody outside is told more: its message was written for the log. */
const unexpected = new MagFlockError(
  'MF699',
  'Something unexpected happened while this request was answered.',
);

/**
 * Makes an error the answer, in the shape of the dialect that was called: that of the gateway, or else problem
 * details (RFC 9457).
 * @param headers what the status asks for; the gateway may have its own of the name
 * @param told the error as the caller may read it
 * @param status instead of the error's own
 */
export function refuse(
  exchange: Exchange,
  error: MagFlockError,
  headers: Readonly<Record<string, string>> = {},
  told: MagFlockError = error,
  status: number = error.status,
): void {
  exchange.error = error;
  const answer = inDialect(exchange, told.code === 'MF699' ? unexpected : told);
  if (answer !== undefined) {
    const given = new Set(Object.keys(answer.headers).map((name) => name.toLowerCase()));
    const added = Object.entries(headers).filter(([name]) => !given.has(name.toLowerCase()));
    exchange.answer = {
      ...answer,
      status: status === error.status ? answer.status : status,
      headers: { ...answer.headers, ...Object.fromEntries(added) },
    };
    return;
  }
  const path = exchange.base + exchange.context.path;
  const problem = { ...problemDetails(told, { requestId: exchange.context.id, path }), status };
  exchange.answer = {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
    body: JSON.stringify(problem),
  };
}

function inDialect(exchange: Exchange, error: MagFlockError): GatewayAnswer | undefined {
  if (exchange.gateway?.refuse === undefined) return undefined;
  try {
    return exchange.gateway.refuse(refusedRequest(exchange), error);
  } catch {
    return undefined; // a refusal must not fail
  }
}
