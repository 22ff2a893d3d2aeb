import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ActiveHook, AfterHookResult } from '../../../runtime/protocol/extensions.protocol.ts';
import type { GatewayAnswer } from '../../../runtime/protocol/gateway.protocol.ts';
import type { Plan } from '../../../runtime/protocol/plan.protocol.ts';
import type { Exchange } from '../exchange.ts';
import { hookFacts } from '../hook-facts.ts';
import type { PipelineParts } from '../pipeline-parts.ts';

/**
 * Stage 8: hooks of extensions see what the caller is about to get and may add to it. A write is committed by now:
 * whatever happens here does not take it back.
 * @throws what a hook that must not fail failed with, for reads only
 */
export function afterHooks(parts: PipelineParts, exchange: Exchange): void | Promise<void> {
  const { plan, context, answer } = exchange;
  const { extensions } = parts;
  if (extensions === undefined || plan?.action === undefined || answer === undefined) return undefined;
  if (answer.failed !== undefined) return undefined;
  const hooks = extensions.hooks(context.project, plan.table.name, plan.action, 'after');
  return hooks === undefined ? undefined : runHooks(parts, exchange, hooks);
}

async function runHooks(
  parts: PipelineParts,
  exchange: Exchange,
  hooks: readonly ActiveHook[],
): Promise<void> {
  for (const hook of hooks) {
    const answer = exchange.answer as GatewayAnswer;
    try {
      const { deadline } = exchange.context;
      const body = documentOf(answer.body);
      const facts = hookFacts(exchange, { status: answer.status, body });
      const result = (await parts.extensions?.callHook(hook, facts, deadline)) as AfterHookResult | null;
      if (exchange.abandoned) return;
      if (result !== null) exchange.answer = enriched(answer, result, exchange.plan?.access);
    } catch (thrown) {
      const error = MagFlockError.from(thrown);
      if (hook.onFailure === 'refuse' && exchange.plan?.access === 'read') throw error;
      const facts = { extension: hook.extension, code: error.code, request: exchange.context.id };
      parts.log.warn(facts, 'a hook failed');
    }
  }
}

function enriched(
  answer: GatewayAnswer,
  { body, headers }: AfterHookResult,
  access: Plan['access'] | undefined,
): GatewayAnswer {
  const added: Record<string, string | readonly string[]> = { ...answer.headers };
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (/^x-[a-z0-9-]{1,60}$/i.test(name) && /^[\t\x20-\x7e]{0,2000}$/.test(value)) added[name] = value;
  }
  const hasBody = body !== undefined && documentOf(answer.body) !== null;
  // What the gateway knows of its row says nothing of what a hook put beside it.
  if (hasBody && access === 'read') delete added['etag'];
  return { ...answer, headers: added, body: hasBody ? JSON.stringify(body) : answer.body };
}

/** Hooks see JSON; what else a dialect answers with (CSV, bytes) passes them by. */
function documentOf(body: GatewayAnswer['body']): unknown {
  if (typeof body !== 'string' || body === '') return null;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null;
  }
}
