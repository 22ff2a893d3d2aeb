import type { ActorReport, GroupNode, MachineTree, PartNode } from '../protocol/tree.protocol.ts';

/** An actor as a line of a tree, with its depth. */
export interface TreeRow {
  readonly depth: number;
  readonly name: string;
  readonly state: string;
  /** Where it runs: `thread psu`, `inline`; empty for children, which run where their parent does. */
  readonly where: string;
  readonly incarnation: number;
  readonly restarts: number | undefined;
  /** Null when its thread does not answer. */
  readonly actor: ActorReport | null;
  /** What else there is to say: replicas, children that are not shown, the last error, who blocks. */
  readonly note: string;
}

/** The tree, top down: parts in their order, beneath each its copies and its children. */
export function treeRows(tree: MachineTree): readonly TreeRow[] {
  const shown = new Set<string>();
  return tree.parts.flatMap((part) => {
    const groups = groupsOf(part.group, tree);
    const fresh = groups.filter(({ path }) => !shown.has(path));
    for (const { path } of fresh) shown.add(path);
    const above = fresh.map((group) => groupRow(group, groups.indexOf(group)));
    return [...above, ...partRows(part, groups.length, tree)];
  });
}

/** The groups a part is in, from the outermost. */
function groupsOf(path: string | null, tree: MachineTree): readonly GroupNode[] {
  const group = tree.groups.find((each) => each.path === path);
  return group === undefined ? [] : [...groupsOf(group.group, tree), group];
}

function groupRow({ path, state, strategy, restarts, lastError }: GroupNode, depth: number): TreeRow {
  const note = state === 'ready' || lastError === null ? '' : lastError;
  const name = path.split('/').at(-1) ?? path;
  return { depth, name, state, where: strategy, incarnation: 0, restarts, actor: null, note };
}

function partRows(part: PartNode, depth: number, tree: MachineTree): readonly TreeRow[] {
  const { path, state, placement, thread, incarnation, restarts, actor, lastError } = part;
  const blocked = tree.blocked.find((each) => each.thread === thread);
  const copies = part.replicas.map((copy) => copy.thread);
  const notes = [
    blocked === undefined ? '' : blockedNote(blocked),
    copies.length === 0 ? '' : `copies in ${copies.join(', ')}`,
    state === 'ready' || lastError === null ? '' : lastError,
  ];
  const row = {
    depth,
    name: path.slice(1),
    state: actor === null && state === 'ready' ? 'no answer' : state,
    where: placement === 'inline' ? 'inline' : `${placement} ${thread}`,
    ...{ incarnation, restarts, actor },
    note: notes.filter((note) => note !== '').join('; '),
  };
  return [row, ...(actor === null ? [] : childRows(actor, depth + 1))];
}

function childRows(actor: ActorReport, depth: number): readonly TreeRow[] {
  const rows = actor.children.flatMap((child) => [
    {
      depth,
      name: child.name,
      state: child.suspended ? 'suspended' : child.phase,
      where: '',
      incarnation: child.incarnation,
      restarts: undefined,
      actor: child,
      note: '',
    },
    ...childRows(child, depth + 1),
  ]);
  const more = actor.childCount - actor.children.length;
  if (more <= 0) return rows;
  const rest = { state: '', where: '', incarnation: 0, restarts: undefined, actor: null, note: '' };
  return [...rows, { depth, name: `… ${more} more of ${actor.childCount}`, ...rest }];
}

function blockedNote({ path, method, running, forMs }: MachineTree['blocked'][number]): string {
  const seconds = `${(forMs / 1000).toFixed(1)} s`;
  if (running) return `blocked for ${seconds} by ${path}.${method}`;
  return `blocked for ${seconds}, outside of a message${path === '' ? '' : ` (last ${path}.${method})`}`;
}
