import type { Settings } from '../../config/settings.ts';
import { loadSettings } from '../bios/load-settings.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import { askTerminal } from './ask-terminal.ts';
import type { Command } from './command.ts';
import { connectControl } from './control-client.ts';
import { daemonAddress } from './daemon-address.ts';
import { Output } from './output.ts';
import { type ParsedCommandLine, parseCommandLine } from './parse-command-line.ts';
import { renderCommandHelp, renderGroupHelp, renderHelp } from './render-help.ts';
import { settingsFromFlags } from './settings-from-flags.ts';
import { version } from './version.ts';

/**
 * Runs one command line.
 * @param argv without node and script
 * @returns the exit code: 0, 4 for findings, 130 after Ctrl-C
 * @throws MagFlockError what went wrong; the caller shows it
 */
export async function runCommandLine(argv: readonly string[], commands: readonly Command[]): Promise<number> {
  const parsed = parseCommandLine(argv, commands);
  const { command, flags } = parsed;
  const output = new Output({
    json: flags.has('json'),
    quiet: flags.has('quiet'),
    verbose: flags.has('verbose'),
  });
  if (flags.has('version')) {
    output.data(output.json ? JSON.stringify({ version }) : version);
    return 0;
  }
  if (command === undefined || flags.has('help')) {
    output.data(helpFor(parsed, commands));
    return 0;
  }
  const cancel = new AbortController();
  const interrupted = { now: false };
  const onInterrupt = (): void => {
    interrupted.now = true;
    cancel.abort();
  };
  // `start` has a drain of its own; every other command ends at the first Ctrl-C.
  if (command.name !== 'start') process.on('SIGINT', onInterrupt);
  try {
    const code = await command.run({
      args: parsed.args,
      words: parsed.words,
      flags,
      output,
      project: flags.value('project') ?? 'main',
      settings: async () => settingsOf(parsed),
      daemon: async () => connectControl(daemonAddress(settingsOf(parsed).dataDir), cancel.signal),
      ask: (question) => askTerminal(question, cancel.signal),
      signal: cancel.signal,
    });
    return interrupted.now ? 130 : (code ?? 0);
  } catch (thrown) {
    if (interrupted.now) return 130;
    throw thrown;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

function helpFor(parsed: ParsedCommandLine, commands: readonly Command[]): string {
  if (parsed.command !== undefined) return renderCommandHelp(parsed.command);
  if (parsed.group !== undefined) return renderGroupHelp(parsed.group, commands);
  return renderHelp(commands);
}

function settingsOf(parsed: ParsedCommandLine): Settings {
  try {
    return loadSettings({
      flags: settingsFromFlags(parsed.flags),
      env: process.env,
      cwd: process.cwd(),
    }).settings;
  } catch (thrown) {
    throw MagFlockError.from(thrown);
  }
}
