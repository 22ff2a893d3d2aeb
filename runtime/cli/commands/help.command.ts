import { MagFlockError } from '../../errors/magflock-error.ts';
import type { Command } from '../command.ts';
import { commands } from '../commands.ts';
import { renderCommandHelp, renderGroupHelp, renderHelp } from '../render-help.ts';

export const helpCommand = {
  name: 'help',
  group: 'tools',
  summary: 'all commands, or one of them',
  arguments: [
    { name: 'command', summary: 'the command', required: false },
    { name: 'second', summary: 'its second word', required: false },
    { name: 'third', summary: 'its third word', required: false },
  ],
  examples: [{ command: 'magflock help key create', does: 'the same as magflock key create -h' }],
  async run({ args, output }) {
    const first = args['command'];
    if (first === undefined) {
      output.data(renderHelp(commands));
      return undefined;
    }
    const name = [first, args['second'], args['third']].filter((word) => word !== undefined).join(' ');
    const command = commands.find((one) => one.name === name);
    if (command !== undefined) output.data(renderCommandHelp(command));
    else if (commands.some((one) => one.name.startsWith(`${name} `))) {
      output.data(renderGroupHelp(name, commands));
    } else {
      throw new MagFlockError('MF801', `unknown command "${name}"`, { fix: 'magflock help lists them' });
    }
    return undefined;
  },
} satisfies Command;
