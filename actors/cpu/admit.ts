import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { GatewayAnswer } from '../../runtime/protocol/gateway.protocol.ts';
import { answerApiPage } from './api-page/answer-api-page.ts';
import type { Exchange } from './exchange.ts';
import type { PipelineParts } from './pipeline-parts.ts';
import { refusedRequest } from './refused-request.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const allMethods = [...methods].join(', ');

/**
 * Between inspection and authentication: refuses what receive found wrong, answers preflights, which browsers send
 * without keys, and with the page `/docs`, which needs none.
 * @throws what receive left, MF104 where nothing is served, MF105 for methods no gateway takes
 */
export function admit(parts: PipelineParts, exchange: Exchange): void | Promise<void> {
  if (exchange.refusal !== undefined) throw exchange.refusal;
  const { context, gateway, mount } = exchange;
  const { method, path, headers } = context;
  if (gateway === undefined) {
    const page = answerApiPage(exchange);
    if (page instanceof Promise) return page.then((answer) => keep(exchange, answer));
    if (page !== undefined) return keep(exchange, page);
    throw new MagFlockError('MF104', `Nothing is served at "${path.slice(0, 200)}".`);
  }
  if (!methods.has(method) && mount?.ownMethods !== true) {
    throw new MagFlockError('MF105', `The method ${method} is not served.`, {
      details: { allow: allMethods },
    });
  }
  const preflight = parts.cors.preflight(method, headers);
  if (preflight === undefined) return undefined;
  const usual: GatewayAnswer = { status: 204, headers: preflight, body: '' };
  const own = gateway.preflight?.(refusedRequest(exchange));
  if (own instanceof Promise) return own.then((answer) => keep(exchange, answer ?? usual));
  return keep(exchange, own ?? usual);
}

function keep(exchange: Exchange, page: GatewayAnswer): void {
  exchange.answer = page;
}
