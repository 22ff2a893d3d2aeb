import type { Settings } from '../../../config/settings.ts';
import type { ActorRef } from '../../../runtime/actor/actor-ref.ts';
import { createActorSystem } from '../../../runtime/actor-system.ts';
import type { Motherboard } from '../../../runtime/motherboard/motherboard.ts';
import type { ChildSpec } from '../../../runtime/supervision/child-spec.ts';
import { fixture } from './machine.ts';

/** An actor in a thread of its own that can be made to do what operators look for. */
export function busy(id: string, more: Partial<ChildSpec> = {}): ChildSpec {
  return { id, module: fixture('busy.actor'), placement: { kind: 'thread' }, ...more };
}

/** A machine with these parts and settings; without it a spare thread that would take time from tests. */
export async function observed(
  specs: readonly ChildSpec[],
  settings: Partial<Settings> = {},
): Promise<{
  readonly motherboard: Motherboard;
  ref<P>(name: string): ActorRef<P>;
  close(): Promise<void>;
}> {
  const system = await createActorSystem({ settings });
  try {
    for (const spec of specs) await system.start(spec);
  } catch (error) {
    await system.stop();
    throw error;
  }
  return {
    motherboard: system.motherboard,
    ref: <P>(name: string) => system.ref<P>(`/${name}`),
    close: () => system.stop(),
  };
}
