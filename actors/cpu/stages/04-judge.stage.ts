import { enforceVerdict } from '../enforce-verdict.ts';
import type { Exchange } from '../exchange.ts';
import type { PipelineParts } from '../pipeline-parts.ts';

/**
 * Stage 4: what the signatures left open → verdict of the models. After authentication, so that strangers cannot keep
 * them busy, but for the routes that take strangers. Waits only where a value is new to this thread.
 * @throws MF301 with the incident id, MF303 with the seconds to wait, MF304 where the policy refuses what is not judged
 */
export function judge(parts: PipelineParts, exchange: Exchange): void | Promise<void> {
  const { context, unsure } = exchange;
  if (unsure.length === 0) return undefined;
  const verdict = parts.sentinel.judge(context, unsure);
  return verdict instanceof Promise ? verdict.then((late) => enforceVerdict(late)) : enforceVerdict(verdict);
}
