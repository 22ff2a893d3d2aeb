import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ActiveHook, BeforeHookResult } from '../../runtime/protocol/extensions.protocol.ts';
import type { Exchange } from './exchange.ts';
import { refuse } from './refuse.ts';

/** Makes the refusal of a hook the answer: MF670 with the status the hook chose among 400 to 499. */
export function refusedByHook(
  exchange: Exchange,
  hook: ActiveHook,
  { status, message }: NonNullable<BeforeHookResult['refuse']>,
): void {
  const error = new MagFlockError('MF670', message.slice(0, 500), { details: { extension: hook.extension } });
  const chosen = Number.isInteger(status) && status >= 400 && status <= 499 ? status : error.status;
  refuse(exchange, error, {}, error, chosen);
}
