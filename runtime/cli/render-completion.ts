import type { Command, Flag } from './command.ts';
import { globalFlags } from './global-flags.ts';

type Shell = 'bash' | 'zsh' | 'fish';

/** A completion script for a shell, made from the commands. Nothing is looked up while completing. */
export function renderCompletion(shell: Shell, commands: readonly Command[]): string {
  return shell === 'bash' ? bash(commands) : shell === 'zsh' ? zsh(commands) : fish(commands);
}

function firstWords(commands: readonly Command[]): string[] {
  return [...new Set(commands.map((command) => command.name.split(' ')[0]!))];
}

/** What can follow the beginning of a name. */
function secondWords(beginning: string, commands: readonly Command[]): string[] {
  const longer = commands.filter(({ name }) => name.startsWith(`${beginning} `));
  return [...new Set(longer.map(({ name }) => name.slice(beginning.length + 1).split(' ')[0]!))];
}

function words(flags: readonly Flag[]): string {
  return flags.map((flag) => `--${flag.name}`).join(' ');
}

function argumentChoices(command: Command): readonly string[] {
  return command.arguments?.[0]?.choices ?? [];
}

function bash(commands: readonly Command[]): string {
  const every = [...globalFlags, ...commands.flatMap((command) => command.flags ?? [])];
  const valued = [
    ...new Set(every.filter((flag) => flag.value !== undefined).map((flag) => `--${flag.name}`)),
  ];
  const cases = commands.map((command) => {
    const next = [...secondWords(command.name, commands), ...argumentChoices(command)].join(' ');
    return `    '${command.name}') words='${next}'; flags='${words(command.flags ?? [])}' ;;`;
  });
  const groups = firstWords(commands)
    .filter((first) => !commands.some((command) => command.name === first))
    .map((first) => `    '${first}') words='${secondWords(first, commands).join(' ')}' ;;`);
  const choices = every
    .filter((flag) => flag.choices !== undefined)
    .map(
      (flag) =>
        `    --${flag.name}) COMPREPLY=($(compgen -W '${flag.choices!.join(' ')}' -- "$now")); return ;;`,
    );
  return `# magflock completion bash
_magflock() {
  local now="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  local words='${firstWords(commands).join(' ')}' flags='' name='' i
  case "$before" in
${[...new Set(choices)].join('\n')}
    --data|--config|--env-file|--file|-f) COMPREPLY=($(compgen -f -- "$now")); return ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      ${valued.join('|')}) ((i++)) ;;
      -*) ;;
      *) if [[ -z "$name" ]]; then name="\${COMP_WORDS[i]}"
         elif [[ "$name" != *' '* ]]; then name="$name \${COMP_WORDS[i]}"; fi ;;
    esac
  done
  case "$name" in
${[...cases, ...groups].join('\n')}
    '') ;;
    *) words='' ;;
  esac
  if [[ "$now" == -* ]]; then words="$flags ${words(globalFlags)}"; fi
  COMPREPLY=($(compgen -W "$words" -- "$now"))
  if [[ \${#COMPREPLY[@]} -eq 0 && "$now" != -* ]]; then COMPREPLY=($(compgen -f -- "$now")); fi
}
complete -o filenames -F _magflock magflock mobo`;
}

function zsh(commands: readonly Command[]): string {
  const describe = (command: Command): string => {
    const flags = [...(command.flags ?? []), ...globalFlags].map((flag) => `'${zshFlag(flag)}'`);
    const choices = argumentChoices(command);
    const argument = choices.length > 0 ? `'1:value:(${choices.join(' ')})'` : "'*:file:_files'";
    return `    '${command.name}') _arguments ${flags.join(' ')} ${argument} ;;`;
  };
  const groups = firstWords(commands).filter((first) => secondWords(first, commands).length > 0);
  const listed = firstWords(commands).map((first) => {
    const command = commands.find((one) => one.name === first);
    return `    '${first}:${quote(command?.summary ?? `${secondWords(first, commands).join(', ')}`)}'`;
  });
  return `#compdef magflock mobo
# magflock completion zsh
_magflock() {
  local -a first=(
${listed.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command first; return; fi
  local name="\${words[2]}" skip=1
  case "$name" in
${groups
  .map(
    (
      group,
    ) => `    '${group}') if (( CURRENT == 3 )); then compadd ${secondWords(group, commands).join(' ')}; ${commands.some((one) => one.name === group) ? '' : 'return; '}fi
      if [[ " ${secondWords(group, commands).join(' ')} " == *" \${words[3]} "* ]]; then name="$name \${words[3]}"; skip=2; fi ;;`,
  )
  .join('\n')}
  esac
  shift $skip words; (( CURRENT -= skip ))
  case "$name" in
${commands.map(describe).join('\n')}
  esac
}
if [[ "$funcstack[1]" == _magflock ]]; then _magflock "$@"; else compdef _magflock magflock mobo; fi`;
}

function zshFlag(flag: Flag): string {
  const action =
    flag.value === undefined
      ? ''
      : `:${flag.value}:${flag.choices ? `(${flag.choices.join(' ')})` : '_files'}`;
  return `--${flag.name}[${quote(flag.summary).replace(/[[\]]/g, '')}]${action}`;
}

function fish(commands: readonly Command[]): string {
  const lines = ['# magflock completion fish', 'complete -c mobo -w magflock'];
  const line = (condition: string, rest: string): void => {
    lines.push(`complete -c magflock -n '${condition}' ${rest}`);
  };
  for (const first of firstWords(commands)) {
    const command = commands.find((one) => one.name === first);
    const summary = command?.summary ?? secondWords(first, commands).join(', ');
    line('__fish_use_subcommand', `-f -a ${first} -d '${quote(summary)}'`);
    const seconds = secondWords(first, commands);
    for (const second of seconds) {
      const of = commands.find((one) => one.name === `${first} ${second}`)!;
      line(
        `__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${seconds.join(' ')}`,
        `-f -a ${second} -d '${quote(of.summary)}'`,
      );
    }
  }
  for (const command of commands) {
    const condition = command.name
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ');
    for (const flag of command.flags ?? []) line(condition, fishFlag(flag));
    if (argumentChoices(command).length > 0) line(condition, `-f -a '${argumentChoices(command).join(' ')}'`);
  }
  for (const flag of globalFlags) lines.push(`complete -c magflock ${fishFlag(flag)}`);
  return lines.join('\n');
}

function fishFlag(flag: Flag): string {
  const value = flag.value === undefined ? '' : flag.choices ? ` -x -a '${flag.choices.join(' ')}'` : ' -r';
  const short = flag.short === undefined ? '' : ` -s ${flag.short}`;
  return `-l ${flag.name}${short}${value} -d '${quote(flag.summary)}'`;
}

/** For single quotes in all three shells. */
function quote(text: string): string {
  return text.replace(/['\\:]/g, (character) => (character === ':' ? ' -' : '’'));
}
