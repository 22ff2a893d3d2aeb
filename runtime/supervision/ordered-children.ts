import type { ChildRecord } from './child-record.ts';

/** A child, and the ids of those that must be ready before it starts. */
export interface Placed<C> {
  readonly child: C;
  readonly after: readonly string[];
}

/** Children in the order of their start; by default each waits for the one before. */
export function inStartOrder<C extends ChildRecord>(
  children: readonly C[],
  order: ((children: readonly C[]) => readonly Placed<C>[]) | undefined,
): readonly Placed<C>[] {
  if (order !== undefined) return order(children);
  return children.map((child, index) => {
    const before = children[index - 1];
    return { child, after: before === undefined ? [] : [before.policy.id] };
  });
}

/** Stops each child when all those that wait for it have stopped. */
export async function stopInReverse<C extends ChildRecord>(
  placed: readonly Placed<C>[],
  stop: (child: C) => Promise<void>,
): Promise<void> {
  const dependants = new Map<string, string[]>();
  for (const { child, after } of placed) {
    for (const id of after) dependants.set(id, [...(dependants.get(id) ?? []), child.policy.id]);
  }
  const stops = new Map<string, Promise<void>>();
  for (const { child } of placed.toReversed()) {
    const before = (dependants.get(child.policy.id) ?? []).map((id) => stops.get(id));
    const run = async () => {
      if (before.length > 0) await Promise.all(before);
      await stop(child);
    };
    stops.set(child.policy.id, run());
  }
  await Promise.all(stops.values());
}
