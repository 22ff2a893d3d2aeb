import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Exchange } from './exchange.ts';
import type { PipelineParts } from './pipeline-parts.ts';
import { refusedRequest } from './refused-request.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const allMethods = [...methods].join(', ');

/**
 * Between inspection and authentication: refuses what receive found wrong and answers preflights, which browsers
 * send without keys.
 * @throws what receive left, MF104 where nothing is served, MF105 for methods no gateway takes
 */
export function admit(parts: PipelineParts, exchange: Exchange): void {
  if (exchange.refusal !== undefined) throw exchange.refusal;
  const { context, gateway, mount } = exchange;
  const { method, path, headers } = context;
  if (gateway === undefined) {
    throw new MagFlockError('MF104', `Nothing is served at "${path.slice(0, 200)}".`);
  }
  if (!methods.has(method) && mount?.ownMethods !== true) {
    throw new MagFlockError('MF105', `The method ${method} is not served.`, {
      details: { allow: allMethods },
    });
  }
  const preflight = parts.cors.preflight(method, headers);
  if (preflight === undefined) return;
  exchange.answer = gateway.preflight?.(refusedRequest(exchange)) ?? {
    status: 204,
    headers: preflight,
    body: '',
  };
}
