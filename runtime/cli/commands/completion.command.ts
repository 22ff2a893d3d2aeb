import type { Command } from '../command.ts';
import { commands } from '../commands.ts';
import { renderCompletion } from '../render-completion.ts';

export const completionCommand = {
  name: 'completion',
  group: 'tools',
  summary: 'a script that makes the shell complete commands and flags',
  arguments: [{ name: 'shell', summary: 'the shell', required: true, choices: ['bash', 'zsh', 'fish'] }],
  examples: [
    { command: 'source <(magflock completion bash)', does: 'in bash, for this session' },
    {
      command: 'magflock completion fish > ~/.config/fish/completions/magflock.fish',
      does: 'in fish, for good',
    },
  ],
  async run({ args, output }) {
    output.data(renderCompletion(args['shell'] as 'bash' | 'zsh' | 'fish', commands));
    return undefined;
  },
} satisfies Command;
