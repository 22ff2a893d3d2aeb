import { didYouMean } from '../errors/did-you-mean.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { Command, Flag } from './command.ts';
import { globalFlags } from './global-flags.ts';

/** Flags as given. */
export interface ParsedFlags {
  has(name: string): boolean;
  /** Of a repeated one the last. */
  value(name: string): string | undefined;
  /** Of a repeated one all, in their order. */
  values(name: string): readonly string[];
}

export interface ParsedCommandLine {
  /** Undefined when no command was named (`magflock`, `magflock --help`). */
  readonly command: Command | undefined;
  /** First word of a command pair without its second: `magflock key`. */
  readonly group: string | undefined;
  readonly args: Readonly<Record<string, string | undefined>>;
  /** Every word of an argument that may be repeated. */
  readonly words: readonly string[];
  readonly flags: ParsedFlags;
}

interface Words {
  readonly words: string[];
  readonly given: Map<string, readonly string[]>;
}

/**
 * Reads a command line against the commands. Flags may stand before, between and after the words.
 * @throws MagFlockError MF801 for an unknown command, MF802 for an unknown flag or a missing or surplus word
 */
export function parseCommandLine(argv: readonly string[], commands: readonly Command[]): ParsedCommandLine {
  const named = findCommand(argv, commands);
  const flags = [...globalFlags, ...(named.command?.flags ?? [])];
  const { words, given } = split(argv, flags, named.command);
  const help = given.has('help') || given.has('version');
  const rest = words.slice(named.command?.name.split(' ').length ?? (named.group === undefined ? 0 : 1));
  if (named.command === undefined && named.group === undefined && rest.length > 0) {
    throw unknownCommand(rest[0]!, commands);
  }
  if (named.group !== undefined && rest.length > 0)
    throw unknownCommand(`${named.group} ${rest[0]}`, commands);
  return {
    command: named.command,
    group: named.group,
    args: named.command === undefined || help ? {} : assignArguments(named.command, rest),
    words: named.command === undefined ? [] : repeated(named.command, rest),
    flags: {
      has: (name) => given.has(name),
      value: (name) => given.get(name)?.at(-1),
      values: (name) => given.get(name) ?? [],
    },
  };
}

function findCommand(
  argv: readonly string[],
  commands: readonly Command[],
): { command: Command | undefined; group: string | undefined } {
  const every = [...globalFlags, ...commands.flatMap((command) => command.flags ?? [])];
  const [first, second, third] = split(argv, every, undefined, false).words;
  if (first === undefined) return { command: undefined, group: undefined };
  const triple = commands.find((command) => command.name === `${first} ${second} ${third}`);
  const pair = commands.find((command) => command.name === `${first} ${second}`);
  const single = commands.find((command) => command.name === first);
  const isGroup = commands.some((command) => command.name.startsWith(`${first} `));
  const command = triple ?? pair ?? single;
  return { command, group: command === undefined && isGroup ? first : undefined };
}

/** Sorts tokens into words and flags; with `strict` an unknown flag is an error, else it is passed over. */
function split(
  argv: readonly string[],
  known: readonly Flag[],
  command: Command | undefined,
  strict = true,
): Words {
  const words: string[] = [];
  const given = new Map<string, readonly string[]>();
  for (let index = 0; index < argv.length; index += 1) {
    const token = argv[index]!;
    if (token === '--') {
      words.push(...argv.slice(index + 1));
      break;
    }
    // A SQL text may begin with a comment: a token with white space before any `=` is never a flag.
    if (!token.startsWith('-') || token === '-' || /^[^=]*\s/.test(token)) {
      words.push(token);
      continue;
    }
    const [name, inline] = splitOnce(token);
    const flag = known.find((one) => `--${one.name}` === name || (one.short && `-${one.short}` === name));
    if (flag === undefined) {
      if (strict) throw unknownFlag(name, known, command);
      continue;
    }
    let text = inline ?? 'true';
    if (flag.value !== undefined && inline === undefined) {
      const next = argv[index + 1];
      if (next === undefined || (next.startsWith('--') && next !== '--' && strict && isFlag(next, known))) {
        if (strict) throw wrongUse(`flag ${name} needs a value: ${name} <${flag.value}>`, command);
        continue;
      }
      text = next;
      index += 1;
    }
    if (strict) checkValue(flag, name, inline, text, command);
    given.set(flag.name, [...(given.get(flag.name) ?? []), text]);
  }
  return { words, given };
}

function isFlag(token: string, known: readonly Flag[]): boolean {
  return known.some((flag) => `--${flag.name}` === splitOnce(token)[0]);
}

function splitOnce(token: string): [string, string | undefined] {
  const at = token.indexOf('=');
  return at === -1 ? [token, undefined] : [token.slice(0, at), token.slice(at + 1)];
}

function checkValue(
  flag: Flag,
  name: string,
  inline: string | undefined,
  text: string,
  command: Command | undefined,
): void {
  if (flag.value === undefined && inline !== undefined) {
    throw wrongUse(`flag ${name} takes no value, got "${inline}"`, command);
  }
  if (flag.choices !== undefined && !flag.choices.includes(text)) {
    const nearest = didYouMean(text, flag.choices);
    throw wrongUse(
      `flag ${name} takes ${flag.choices.join(' or ')}, got "${text}"`,
      command,
      nearest === undefined ? undefined : `did you mean ${name} ${nearest}?`,
    );
  }
}

function assignArguments(command: Command, words: readonly string[]): Record<string, string | undefined> {
  const definitions = command.arguments ?? [];
  const args: Record<string, string | undefined> = {};
  for (const [index, definition] of definitions.entries()) {
    const word = words[index];
    if (word === undefined && definition.required) {
      throw wrongUse(`magflock ${command.name} needs <${definition.name}>: ${definition.summary}`, command);
    }
    if (word !== undefined && definition.choices !== undefined && !definition.choices.includes(word)) {
      throw wrongUse(
        `<${definition.name}> is one of ${definition.choices.join(', ')}, got "${word}"`,
        command,
      );
    }
    args[definition.name] = word;
  }
  const surplus = definitions.at(-1)?.many ? undefined : words[definitions.length];
  if (surplus !== undefined) throw wrongUse(`unexpected word "${surplus}"`, command);
  return args;
}

function repeated({ arguments: definitions = [] }: Command, words: readonly string[]): readonly string[] {
  return definitions.at(-1)?.many ? words.slice(definitions.length - 1) : [];
}

function unknownCommand(word: string, commands: readonly Command[]): MagFlockError {
  const names = [
    ...commands.map((command) => command.name),
    ...commands.map((command) => command.name.split(' ')[0]!),
  ];
  const nearest = didYouMean(word, names);
  return new MagFlockError('MF801', `unknown command "${word}"`, {
    fix: nearest === undefined ? 'magflock help lists the commands' : `did you mean magflock ${nearest}?`,
  });
}

function unknownFlag(name: string, known: readonly Flag[], command: Command | undefined): MagFlockError {
  const nearest = didYouMean(
    name,
    known.map((flag) => `--${flag.name}`),
  );
  return wrongUse(
    `unknown flag ${name}`,
    command,
    nearest === undefined ? undefined : `did you mean ${nearest}?`,
  );
}

function wrongUse(message: string, command: Command | undefined, fix?: string): MagFlockError {
  const help = command === undefined ? 'magflock help' : `magflock ${command.name} --help`;
  return new MagFlockError('MF802', message, { fix: fix ?? `${help} shows how it is used` });
}
