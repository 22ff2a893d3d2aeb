import type { MachineTree } from '../../protocol/tree.protocol.ts';
import type { Command } from '../command.ts';
import { styleState } from '../style-state.ts';
import { treeRows } from '../tree-rows.ts';

export const treeCommand = {
  name: 'tree',
  group: 'machine',
  summary: 'the supervision tree: every actor, where it runs, its copies and children',
  description: 'A part with very many children shows the first twenty and their number.',
  examples: [
    { command: 'magflock tree', does: 'the tree of the running machine' },
    { command: 'magflock tree --json', does: 'the same with all figures, as one document' },
    { command: 'magflock tree --json --children 1000', does: 'with more children of each actor' },
  ],
  flags: [
    { name: 'children', value: 'number', summary: 'children of each actor that are shown; default 20' },
  ],
  async run({ daemon, flags, output }) {
    const children = flags.value('children');
    const query = children === undefined ? '' : `?children=${encodeURIComponent(children)}`;
    const tree = await (await daemon()).ask<MachineTree>('GET', `/tree${query}`);
    if (output.json) {
      output.document(tree);
      return undefined;
    }
    output.table(
      ['ACTOR', 'STATE', 'RUNS IN', 'LIFE', 'RESTARTS', 'FACTS'],
      treeRows(tree).map(({ depth, name, state, where, incarnation, restarts, note }) => [
        `${'  '.repeat(depth)}${name}`,
        styleState(output, state),
        where,
        incarnation === 0 ? '' : `#${incarnation}`,
        restarts === undefined ? '' : String(restarts),
        note,
      ]),
    );
    return undefined;
  },
} satisfies Command;
