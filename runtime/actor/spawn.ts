import { MagFlockError } from '../errors/magflock-error.ts';
import { SpawnedChildren } from '../supervision/spawned-children.ts';
import { ActorCell } from './actor-cell.ts';
import type { AnyActor } from './any-actor.ts';
import { CellContext } from './cell-context.ts';
import type { ContextHost } from './context-host.ts';
import type { SpawnOptions } from './spawn-options.ts';

const isName = /^[a-z][a-z0-9-]*$/;

/**
 * Makes a child of an actor in the same thread and starts it.
 * @param make stands for `init` when a state is taken over
 * @returns its cell; when `init` awaits, messages wait until it has ended
 * @throws MF608 for a name that is taken or is none; what `init` throws when it does not await
 */
export function spawn(
  parent: ActorCell,
  host: ContextHost,
  definition: AnyActor,
  options: SpawnOptions<unknown> | undefined,
  make?: AnyActor['init'],
): ActorCell {
  const { extras } = parent;
  const name = options?.name;
  if (name !== undefined && !isName.test(name)) {
    throw new MagFlockError('MF608', `name ${name} of a child must be lower-case words joined by hyphens`);
  }
  if (name !== undefined && extras.children.has(name)) {
    throw new MagFlockError('MF608', `${parent.path} has a child ${name} already`);
  }
  const key = name ?? ++extras.named;
  const child = new ActorCell(key, parent.host, parent);
  const supervised = SpawnedChildren.needed(parent, options);
  // Only a restart needs them again; extras for a million children with arguments would be twice the children.
  if (supervised) child.extras.spawn = options;
  if (options?.metered === true || definition.quotas !== undefined) host.meter(child, definition);
  extras.children.set(key, child);
  const starting = begin(child, host, definition, options?.args, make);
  if (supervised) {
    extras.family ??= new SpawnedChildren(parent, host);
    extras.family.adopt(child, definition, starting);
  }
  return child;
}

/** @returns settles with the start of the child, when that awaits something */
function begin(
  child: ActorCell,
  host: ContextHost,
  definition: AnyActor,
  args: unknown,
  make: AnyActor['init'] | undefined,
): Promise<void> | undefined {
  let starting: void | Promise<void>;
  try {
    starting = child.start(definition, new CellContext(child, host, 1), args, make);
  } catch (error) {
    child.abandon();
    host.ended(child, 1, { kind: 'crash', detail: `init: ${MagFlockError.from(error).message}` }, true);
    throw error;
  }
  if (starting === undefined) {
    child.open();
    return undefined;
  }
  starting.then(
    () => child.open(),
    (error: unknown) => {
      host.failed(child, 'init', error);
      child.abandon();
      host.ended(child, 1, { kind: 'crash', detail: `init: ${MagFlockError.from(error).message}` }, true);
    },
  );
  return starting;
}
