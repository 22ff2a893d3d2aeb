import { enforceVerdict } from '../enforce-verdict.ts';
import type { Exchange } from '../exchange.ts';
import type { PipelineParts } from '../pipeline-parts.ts';
import { refuseBlocked } from '../refuse-blocked.ts';

/**
 * Stage 2: facts → verdict, before anybody looks at keys or tables, so that an attack is refused alike with and
 * without a key, on known and unknown paths. What signatures alone do not settle waits for stage 4.
 * @throws MF302 for a blocked caller, MF301 with the incident id
 */
export function inspect(parts: PipelineParts, exchange: Exchange): void {
  refuseBlocked(parts, exchange);
  const inspection = parts.sentinel.inspect(exchange.context);
  exchange.unsure = inspection.unsure;
  enforceVerdict(inspection);
}
