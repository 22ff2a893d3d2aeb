import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { Exchange } from '../exchange.ts';
import type { PipelineParts } from '../pipeline-parts.ts';

/**
 * Stage 2: facts → verdict, before anybody looks at keys or tables, so that an attack is refused alike with and
 * without a key, on known and unknown paths.
 * @throws MF301 with the incident id
 */
export function inspect(parts: PipelineParts, exchange: Exchange): void {
  const verdict = parts.sentinel.inspect(exchange.context);
  if (verdict.action !== 'block') return;
  throw new MagFlockError('MF301', `The request was blocked; the incident is ${verdict.incident}.`, {
    details: { incident: verdict.incident },
  });
}
