import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { PackageReview } from '../../protocol/extensions.protocol.ts';
import type { Command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { approve } from '../extension/approve.ts';
import type { Brought, DevSession } from '../extension/dev-session.ts';
import { linkSdk } from '../extension/link-sdk.ts';
import { readSettings } from '../extension/read-settings.ts';
import { safeText } from '../extension/safe-text.ts';
import { showReview } from '../extension/show-review.ts';
import { WatchFolders } from '../extension/watch-folders.ts';

const pollMs = 250;

export const extDevCommand = {
  name: 'ext dev',
  group: 'extensions',
  summary: 'run the extension of a folder in the daemon, and again at each save',
  description:
    'Installs the folder without a signature as <version>-dev.<n>, shows its log with places in your files, and puts\n' +
    'each save in its place. What does not compile or start is said; the version before goes on. It stays installed\n' +
    'after Ctrl-C: magflock ext remove takes it away.',
  arguments: [{ name: 'folder', summary: 'of the extension (default: this one)', required: false }],
  flags: [
    {
      name: 'approve',
      value: 'file',
      summary: 'JSON: the permissions that you approve, or a review of the package',
    },
    { name: 'set', value: 'list', summary: 'its configuration: name=value,other=2, or a JSON object' },
  ],
  examples: [
    { command: 'magflock ext dev', does: 'asks for its permissions, then follows your saves' },
    {
      command: 'magflock ext dev ./hello --set greeting=Hi --yes',
      does: 'configured, all permissions approved',
    },
    { command: 'magflock ext dev --yes --json', does: 'one object per line: ready, failed, log' },
  ],
  async run(context) {
    const { args, daemon, flags, output, project, signal } = context;
    const { DevSession } = await import('../extension/dev-session.ts');
    const folder = resolve(args['folder'] ?? '.');
    const session = new DevSession({
      folder,
      client: await daemon(),
      project,
      config: readSettings(flags.value('set')),
      approve: (review) => ask(context, review),
    });
    linkSdk(folder);
    let saved = true;
    let pause = new AbortController();
    const watcher = new WatchFolders(folder, () => {
      saved = true;
      pause.abort();
    });
    try {
      for (let first = true; !signal.aborted; ) {
        if (saved) {
          saved = false;
          pause = new AbortController();
          const brought = await bring(session, context, first);
          if (brought !== undefined) {
            first = false;
            watcher.include(session.inputs);
          }
        }
        await showLogs(session, context);
        const ended = AbortSignal.any([signal, pause.signal]);
        await wait(pollMs, undefined, { signal: ended }).catch(() => undefined);
      }
    } finally {
      watcher.close();
      session.close();
    }
    output.talk('it stays installed: magflock ext remove <name> takes it away');
    return undefined;
  },
} satisfies Command;

/** Undefined when it failed, which is said; the author saves again. */
async function bring(
  session: DevSession,
  context: CommandContext,
  first: boolean,
): Promise<Brought | undefined> {
  const { output, signal } = context;
  try {
    const brought = await session.bring();
    await session.lookUpSources();
    if (output.json) output.document({ event: 'ready', ...brought });
    else {
      for (const warning of brought.warnings) output.warn(safeText(warning, 600));
      const { name, version, state, durationMs } = brought;
      const done = first ? 'installed' : 'reloaded';
      output.talk(`${done} ${safeText(name)} ${safeText(version)} in ${durationMs} ms: ${state}`);
    }
    return brought;
  } catch (thrown) {
    const error = MagFlockError.from(thrown);
    // No daemon, no terminal, or a person who said no: another save changes nothing.
    if (signal.aborted || ['MF803', 'MF804', 'MF805', 'MF807'].includes(error.code)) throw error;
    if (first && error.code === 'MF669') throw error;
    const message = session.explained(error.message);
    if (output.json) output.document({ event: 'failed', code: error.code, message, fix: error.fix ?? null });
    else {
      const fix = error.fix === undefined ? '' : `\n${safeText(error.fix, 600)}`;
      output.warn(`${error.code} ${lines(message)}${fix}\nwaiting for the next save`);
    }
    return undefined;
  }
}

/** A stack has several lines, each of them a stranger's text; frames of the isolate itself help nobody. */
const lines = (text: string): string =>
  text
    .split(/\n|\\n/)
    .filter((line) => !line.includes('(magflock:guest:'))
    .map((line) => safeText(line, 2000))
    .join('\n');

async function ask(context: CommandContext, review: PackageReview) {
  const { output } = context;
  if (!output.json) for (const line of showReview(review, output)) output.talk(line);
  return await approve(context, review.added);
}

async function showLogs(session: DevSession, { output, signal }: CommandContext): Promise<void> {
  try {
    for (const { at, level, text } of await session.newLogs()) {
      if (output.json) output.document({ event: 'log', at, level, text });
      else {
        const colour = level === 'error' ? 'red' : level === 'warn' ? 'yellow' : 'dim';
        output.data(`${output.style('dim', at)} ${output.style(colour, level.padEnd(5))} ${lines(text)}`);
      }
    }
  } catch (thrown) {
    const { code } = MagFlockError.from(thrown);
    // It was removed meanwhile: the next save installs it again.
    if (code !== 'MF665' && !signal.aborted) throw thrown;
  }
}
