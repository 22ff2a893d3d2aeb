import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { HookOperation } from '../../../runtime/protocol/extension-manifest.ts';
import type { ActiveHook, BeforeHookResult } from '../../../runtime/protocol/extensions.protocol.ts';
import { checkFurtherHooks } from '../check-further-hooks.ts';
import type { Exchange } from '../exchange.ts';
import { hookFacts } from '../hook-facts.ts';
import type { PipelineParts } from '../pipeline-parts.ts';
import { planAnew } from '../plan-anew.ts';
import { refusedByHook } from '../refused-by-hook.ts';

/**
 * Stage 6: hooks of extensions look at the operation and may refuse or change it. What they changed is inspected,
 * planned and authorised again, as the same identity. Without hooks for the table this is one look-up.
 * @throws MF670, MF206, MF301, MF430; what a hook that must not fail failed with
 */
export function beforeHooks(parts: PipelineParts, exchange: Exchange): void | Promise<void> {
  if (parts.extensions === undefined || exchange.plan === undefined) return undefined;
  const hooks = hooksOfNow(parts, exchange);
  if (hooks !== undefined) return runHooks(parts, exchange, hooks);
  checkFurtherHooks(parts, exchange);
  return undefined;
}

/**
 * Each hook once: those of the operation that was asked for, then those of what it became. Otherwise one that makes an
 * update of a delete would let the request pass by the guards of both.
 */
async function runHooks(
  parts: PipelineParts,
  exchange: Exchange,
  hooks: readonly ActiveHook[],
): Promise<void> {
  const asked = exchange.plan?.action;
  const ran = new Set<ActiveHook>();
  let pending = hooks;
  while (pending.length > 0) {
    for (const hook of pending) {
      ran.add(hook);
      const result = await callHook(parts, exchange, hook, asked);
      if (exchange.abandoned) return;
      if (result?.refuse !== undefined) {
        refusedByHook(exchange, hook, result.refuse);
        return;
      }
      if (result !== undefined) await planAnew(parts, exchange, hook, result);
      if (exchange.answer !== undefined) return;
    }
    pending = hooksOfNow(parts, exchange)?.filter((hook) => !ran.has(hook)) ?? [];
  }
  // Of what the request has become.
  checkFurtherHooks(parts, exchange);
}

function hooksOfNow(
  { extensions }: PipelineParts,
  { context, plan }: Exchange,
): readonly ActiveHook[] | undefined {
  if (extensions === undefined || plan?.action === undefined) return undefined;
  return extensions.hooks(context.project, plan.table.name, plan.action, 'before');
}

async function callHook(
  parts: PipelineParts,
  exchange: Exchange,
  hook: ActiveHook,
  asked: HookOperation | undefined,
): Promise<BeforeHookResult | undefined> {
  const { extensions, log } = parts;
  try {
    const facts = hookFacts(exchange);
    const changed = asked === undefined || asked === facts.operation ? facts : { ...facts, asked };
    const result = await extensions?.callHook(hook, changed, exchange.context.deadline);
    return (result ?? undefined) as BeforeHookResult | undefined;
  } catch (thrown) {
    const error = MagFlockError.from(thrown);
    if (hook.onFailure === 'refuse') throw error;
    log.warn({ extension: hook.extension, code: error.code, request: exchange.context.id }, 'a hook failed');
    return undefined;
  }
}
