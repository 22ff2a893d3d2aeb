import type { CommandContext } from './command-context.ts';

/** A flag of the command line. It never has a default of its own: that would override the settings file. */
export interface Flag {
  /** Long name without dashes. */
  readonly name: string;
  readonly short?: string;
  /** Absent for a switch; else the name of the value, shown as `--data <folder>`. */
  readonly value?: string;
  readonly summary: string;
  /** The only values it takes. */
  readonly choices?: readonly string[];
}

export interface Argument {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  readonly choices?: readonly string[];
  /** May be repeated; the last argument only. `CommandContext.words` has them all. */
  readonly many?: true;
}

export interface Example {
  readonly command: string;
  readonly does: string;
}

/** A command is data: parsing, help, completion and the documentation are made from it. */
export interface Command {
  /** One to three words: `start`, `key create`, `project settings set`. */
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  readonly description?: string;
  readonly group: 'machine' | 'data' | 'access' | 'security' | 'extensions' | 'tools';
  readonly arguments?: readonly Argument[];
  readonly flags?: readonly Flag[];
  readonly examples: readonly Example[];
  /**
   * Failures are thrown; `main.ts` shows them and turns them into 1, 2 or 3.
   * @returns the exit code: undefined or 0 when done, 4 when done with findings
   */
  run(context: CommandContext): Promise<number | undefined>;
}
