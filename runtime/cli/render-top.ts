import type { ActorReport, MachineTree } from '../protocol/tree.protocol.ts';
import { formatBytes } from './format-bytes.ts';
import type { Output } from './output.ts';
import { renderTable } from './render-table.ts';
import { styleState } from './style-state.ts';
import { treeRows } from './tree-rows.ts';

const headings = [
  'ACTOR',
  'STATE',
  'WAIT',
  'BYTES',
  'RATE/S',
  'P50',
  'P99',
  'TURN',
  'CPU',
  'RUN',
  'FAILED',
  'RESTARTS',
  'NOTE',
] as const;

/**
 * One frame of `magflock top`.
 * @param before the frame before, for the share of a core; undefined for the first
 */
export function renderTop(tree: MachineTree, before: MachineTree | undefined, output: Output): string {
  const turns = before === undefined ? undefined : new Map(actorsOf(before).map((each) => [each.path, each]));
  const seconds = before === undefined ? 0 : (Date.parse(tree.at) - Date.parse(before.at)) / 1000;

  const cpu = ({ path, meter }: ActorReport): string => {
    const old = turns?.get(path)?.meter;
    if (meter === null || old === undefined || old === null || seconds <= 0) return '–';
    return `${Math.max(0, (meter.turnTotal - old.turnTotal) / 10 / seconds).toFixed(1)}%`;
  };

  const rows = treeRows(tree).map(({ depth, name, state, restarts, actor, note }) => {
    const meter = actor?.meter ?? null;
    return [
      `${'  '.repeat(depth)}${name}`,
      styleState(output, state),
      actor === null ? '' : String(actor.mailbox),
      actor === null ? '' : formatBytes(actor.mailboxBytes),
      meter === null ? '' : String(Math.round(meter.rate)),
      meter === null ? '' : time(meter.p50),
      meter === null ? '' : time(meter.p99),
      meter === null ? '' : time(meter.longestTurn),
      actor === null || meter === null ? '' : cpu(actor),
      actor === null ? '' : String(actor.handled),
      actor === null ? '' : String(actor.failed),
      restarts === undefined ? '' : String(restarts),
      note,
    ];
  });
  const { columns } = output.stdout;
  const styleHeading = (text: string): string => output.style('bold', text);
  const lines = [
    `MagFlock ${tree.version}   pid ${tree.pid}   ${tree.at.slice(11, 19)}`,
    threadLine(tree, columns),
    ...tree.blocked.map(({ thread, path, method, forMs }) =>
      output.style('red', `thread ${thread} is blocked for ${time(forMs)}: ${path}.${method}`),
    ),
    '',
    renderTable(headings, rows, { columns, styleHeading }),
  ];
  return lines.join('\n');
}

/** Threads with the share of time their event loop was busy and their heap. */
function threadLine({ threads }: MachineTree, columns: number | undefined): string {
  const line = threads
    .map(({ thread, eventLoop, heapBytes, answers }) =>
      answers
        ? `${thread} ${Math.round(eventLoop * 100)}% ${formatBytes(heapBytes)}`
        : `${thread} does not answer`,
    )
    .join('   ');
  return columns === undefined || line.length <= columns ? line : `${line.slice(0, columns - 1)}…`;
}

function actorsOf({ parts }: MachineTree): readonly ActorReport[] {
  const all: ActorReport[] = [];
  const add = (actor: ActorReport): void => {
    all.push(actor);
    for (const child of actor.children) add(child);
  };
  for (const { actor } of parts) if (actor !== null) add(actor);
  return all;
}

/** Milliseconds for people: `340 µs`, `1.2 ms`, `3.4 s`. */
function time(milliseconds: number): string {
  if (milliseconds === 0) return '–';
  if (milliseconds < 1) return `${Math.max(1, Math.round(milliseconds * 1000))} µs`;
  if (milliseconds < 1000) return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
