import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Exchange } from './exchange.ts';
import type { PipelineParts } from './pipeline-parts.ts';
import { answerError, respond } from './stages/09-respond.stage.ts';
import { announce } from './stages/10-announce.stage.ts';

/** Storage settles requests at their deadline by itself; this much later the CPU stops believing it will. */
const graceMs = 2_000;

/**
 * Answers the requests that are still waiting long after their deadline, so that none waits for ever. What their
 * stage finds out later is dropped.
 */
export function answerOverdue(parts: PipelineParts): void {
  const oldest = performance.now() - parts.limits.requestTimeoutMs - graceMs;
  for (const exchange of parts.inFlight.begunBefore(oldest)) {
    // Without a context the body is still coming in, and the server's own request timeout ends that.
    if (exchange.context === undefined || exchange.answer !== undefined || exchange.abandoned) continue;
    exchange.abandoned = true;
    answerError(exchange, overdueError(exchange));
    void Promise.resolve(respond(parts, exchange)).then(() => announce(parts, exchange));
  }
}

/** A write may have been committed, so its caller is told to look before trying again. */
function overdueError(exchange: Exchange): MagFlockError {
  if (exchange.plan?.access === 'write' && exchange.plan.end !== 'rollback') {
    return new MagFlockError('MF501', 'The database did not say in time whether the write was committed.');
  }
  return new MagFlockError('MF602', 'The request could not be answered before its deadline.');
}
