import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { callerKeyId } from './caller-key-id.ts';
import type { Exchange } from './exchange.ts';
import type { PipelineParts } from './pipeline-parts.ts';

/**
 * Refuses a caller who is blocked for a while. Only an address that has a block pays for knowing its key.
 * @throws MF302 with the id of the block, when it ends, and the seconds until then
 */
export function refuseBlocked(parts: PipelineParts, exchange: Exchange): void {
  const { project, address } = exchange.context;
  if (!parts.sentinel.hasBlocks(project, address)) return;
  const block = parts.sentinel.blockOf(project, address, callerKeyId(parts, exchange));
  if (block === undefined) return;
  const { id, until } = block;
  const retryAfterSeconds = Math.max(1, Math.ceil((Date.parse(until) - Date.now()) / 1000));
  throw new MagFlockError('MF302', `This caller is blocked until ${until}; the block is ${id}.`, {
    details: { block: id, until, retryAfterSeconds },
  });
}
