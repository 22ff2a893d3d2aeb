import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { Exchange } from '../exchange.ts';
import type { PipelineParts } from '../pipeline-parts.ts';

/**
 * Stage 3: key or token → identity handle. Whatever goes wrong here refuses the request.
 * @throws MF201 to MF206; each is counted for the audit trail
 */
export function authenticate(parts: PipelineParts, exchange: Exchange): void {
  try {
    exchange.handle = parts.psu.authenticate(exchange.context);
    exchange.identity = parts.psu.open(exchange.handle);
  } catch (thrown) {
    const error = MagFlockError.from(thrown);
    if (error.code.startsWith('MF2')) {
      const { project, address } = exchange.context;
      parts.audit.keyRefused({ project, address, code: error.code });
    }
    throw error;
  }
}
