import type { Command, Flag } from './command.ts';
import { globalFlags } from './global-flags.ts';

const groupTitles: Readonly<Record<Command['group'], string>> = {
  machine: 'Machine',
  data: 'Data',
  access: 'Projects and keys',
  security: 'Security',
  extensions: 'Extensions',
  tools: 'Tools',
};

/** `magflock help`: all commands by group. */
export function renderHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => usage(command).length));
  const groups = Object.entries(groupTitles).map(([group, title]) => [
    `${title}:`,
    ...commands
      .filter((command) => command.group === group)
      .map((command) => `  ${usage(command).padEnd(width)}  ${command.summary}`),
    '',
  ]);
  return [
    'magflock: a database as a service in one daemon, explained as a computer',
    '',
    'Usage: magflock <command> [arguments] [flags]        (mobo is the same)',
    '',
    'Start here:',
    '  magflock start            boots the machine and prints its addresses and keys',
    '  magflock demo             shows all of it in a temporary folder, in a few seconds',
    '  magflock <command> -h     examples and flags of a command',
    '',
    ...groups.flat(),
    'Flags of every command:',
    ...flagLines(globalFlags),
  ].join('\n');
}

/** `magflock key --help`: the commands that share a first word. */
export function renderGroupHelp(group: string, commands: readonly Command[]): string {
  const members = commands.filter((command) => command.name.startsWith(`${group} `));
  const width = Math.max(...members.map((command) => usage(command).length));
  return [
    `Usage: magflock ${group} <command>`,
    '',
    ...members.map((command) => `  ${usage(command).padEnd(width)}  ${command.summary}`),
    '',
    `magflock ${members[0]!.name} -h shows examples and flags.`,
  ].join('\n');
}

/** `magflock <command> --help`: one line, usage, examples first, then flags. */
export function renderCommandHelp(command: Command): string {
  const parts = [`magflock ${command.name}: ${command.summary}`, ''];
  if (command.description !== undefined) parts.push(command.description, '');
  parts.push(`Usage: magflock ${usage(command)} [flags]`, '');
  parts.push('Examples:');
  for (const example of command.examples) parts.push(`  # ${example.does}`, `  ${example.command}`);
  parts.push('');
  if (command.arguments !== undefined && command.arguments.length > 0) {
    const width = Math.max(...command.arguments.map((argument) => argument.name.length + 2));
    parts.push('Arguments:');
    for (const argument of command.arguments) {
      parts.push(`  ${`<${argument.name}>`.padEnd(width)}  ${argument.summary}${choices(argument.choices)}`);
    }
    parts.push('');
  }
  if (command.flags !== undefined && command.flags.length > 0) {
    parts.push('Flags:', ...flagLines(command.flags), '');
  }
  parts.push('Flags of every command:', ...flagLines(globalFlags));
  return parts.join('\n');
}

function usage(command: Command): string {
  const words = (command.arguments ?? []).map(
    (argument) =>
      `${argument.required ? `<${argument.name}>` : `[${argument.name}]`}${argument.many ? '…' : ''}`,
  );
  return [command.name, ...words].join(' ');
}

function flagLines(flags: readonly Flag[]): string[] {
  const left = (flag: Flag): string => {
    const short = flag.short === undefined ? '    ' : `-${flag.short}, `;
    return `${short}--${flag.name}${flag.value === undefined ? '' : ` <${flag.value}>`}`;
  };
  const width = Math.max(...flags.map((flag) => left(flag).length));
  return flags.map((flag) => `  ${left(flag).padEnd(width)}  ${flag.summary}${choices(flag.choices)}`);
}

function choices(values: readonly string[] | undefined): string {
  return values === undefined ? '' : ` (${values.join(', ')})`;
}
