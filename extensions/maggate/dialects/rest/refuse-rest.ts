import type { DataApiSettings, GatewayAnswer, RefusedRequest } from '../../../sdk/index.ts';
import { finishAnswer } from './answer/finish-answer.ts';
import { errorAnswer } from './errors/error-answer.ts';
import { type HostError, hostError } from './errors/host-error.ts';

/**
 * What the host refused before or around planning (no key, a wrong token, blocked, too long, saturated) as an answer
 * of the dialect.
 * @param settings of the project; undefined while they are not known
 */
export function refuseRest(
  settings: DataApiSettings | undefined,
  request: RefusedRequest,
  error: HostError,
): GatewayAnswer {
  const answer = errorAnswer(hostError(error), settings?.clientErrorVerbosity ?? 'verbose');
  return finishAnswer(settings, request.headers, answer);
}
