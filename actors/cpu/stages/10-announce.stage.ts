import type { Exchange } from '../exchange.ts';
import type { PipelineParts } from '../pipeline-parts.ts';

/**
 * Stage 10: after the answer. Counts, wakes the sealer of a write's audit row, logs. Never changes the answer, and
 * no event leaves the thread per request: at this rate that would cost more than the request.
 */
export function announce(parts: PipelineParts, exchange: Exchange): void {
  const { context, plan, result, status, error } = exchange;
  const code = error?.code ?? exchange.answer?.failed;
  const ms = performance.now() - (exchange.marks[0] as number);
  parts.metrics.observe(context.method, exchange.route, status, ms);
  if (result !== undefined && plan?.access === 'write') parts.wakeAudit(context.project);
  if (code !== undefined && status >= 500) {
    const facts = { request: context.id, trace: context.trace, project: context.project, code };
    parts.failures.error(
      { ...facts, status, method: context.method, route: exchange.route, err: error },
      error?.message ?? 'the request failed',
      Date.now(),
    );
  } else if (parts.logsRequests) {
    const facts = { request: context.id, trace: context.trace, project: context.project, status, ms };
    parts.log.debug(
      {
        ...facts,
        method: context.method,
        route: exchange.route,
        address: context.address,
        code,
      },
      'request answered',
    );
  }
}
