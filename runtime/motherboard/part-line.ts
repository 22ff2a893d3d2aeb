import type { PostLine } from '../bios/post-line.ts';
import type { Placement } from '../placement/placement.ts';
import type { SupervisedChild } from '../supervision/supervised-child.ts';

/** Milliseconds a part gets to say what it can do. */
const factsMs = 2_000;

/** The POST line of a part that has just started, or has failed to. */
export async function partLine(
  child: SupervisedChild,
  tookMs: number,
  placement: Placement,
): Promise<PostLine> {
  const { spec, required } = child;
  const ms = Math.round(tookMs);
  if (child.state !== 'ready') {
    const outcome = required ? 'fail' : 'warn';
    return { part: spec.id, outcome, facts: child.lastError ?? `is ${child.state}`, ms, required };
  }
  const facts = await placement.capabilities(spec, factsMs).catch(() => []);
  return { part: spec.id, outcome: 'ok', facts: facts.join(', '), ms, required };
}
