import type { ActiveHook, BeforeHookResult } from '../../runtime/protocol/extensions.protocol.ts';
import type { GatewayRequest } from '../../runtime/protocol/gateway.protocol.ts';
import { enforceVerdict } from './enforce-verdict.ts';
import type { Exchange } from './exchange.ts';
import type { PipelineParts } from './pipeline-parts.ts';

/**
 * Lets the guard look at what a hook made of a request: at what changed, and in the name of the extension, because the
 * caller did not write it.
 * @param request as it will be planned
 * @throws MF301, MF303, MF304 naming the extension
 */
export async function judgeChanged(
  { sentinel }: PipelineParts,
  { context }: Exchange,
  { extension }: ActiveHook,
  request: GatewayRequest,
  result: BeforeHookResult,
): Promise<void> {
  const changedBody = 'body' in result && result.body !== undefined;
  const facts = {
    ...context,
    query: [result.query, result.filter].filter((one) => one !== undefined && one !== '').join('&'),
    body: changedBody ? request.body : undefined,
    json: changedBody ? request.json : undefined,
    keyId: () => null,
    extension,
  };
  const inspection = sentinel.inspect(facts);
  enforceVerdict(inspection, extension);
  if (inspection.unsure.length > 0) enforceVerdict(await sentinel.judge(facts, inspection.unsure), extension);
}
