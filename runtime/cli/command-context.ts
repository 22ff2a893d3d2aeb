import type { Settings } from '../../config/settings.ts';
import type { ControlClient } from './control-client.ts';
import type { Output } from './output.ts';
import type { ParsedFlags } from './parse-command-line.ts';

/** What a command gets to work with. */
export interface CommandContext {
  /** Arguments by name. */
  readonly args: Readonly<Record<string, string | undefined>>;
  /** Every word of an argument that may be repeated. */
  readonly words: readonly string[];
  readonly flags: ParsedFlags;
  readonly output: Output;
  /** Ref of the project that the command is about: `--project`, else `main`. */
  readonly project: string;
  /** Settings as flags, environment, .env and file give them. Loaded on first use. */
  settings(): Promise<Settings>;
  /** The running daemon of the data folder; throws MF803 when there is none. */
  daemon(): Promise<ControlClient>;
  /** Asks on the terminal; undefined when nobody can answer (no terminal, or CI). */
  ask(question: string): Promise<string | undefined>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
