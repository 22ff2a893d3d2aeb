import type { Threat } from '../../protocol/sentinel.protocol.ts';
import type { Command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import type { ControlClient } from '../control-client.ts';
import { readLimit } from '../sentinel/read-limit.ts';
import { threatLine } from '../sentinel/threat-line.ts';

type LiveLine = Threat | { readonly open: true } | { readonly dropped: number };

export const threatsCommand = {
  name: 'threats',
  group: 'security',
  summary: 'attacks: the newest that were seen, and then each as it comes until Ctrl-C',
  description:
    'A line each: when, id, what was done, score (0 to 1), project, address, place, signature or model, and the\n' +
    'beginning of the value. "(let through)": only logged, or sentinel.mode is simulate. Of all projects, unless\n' +
    '--project names one.',
  flags: [
    { name: 'limit', value: 'number', summary: 'the newest so many first; 0 for none (default 20)' },
    { name: 'no-follow', summary: 'end after those' },
  ],
  examples: [
    { command: 'magflock threats', does: 'the newest twenty, and then as they come' },
    { command: 'magflock threats --no-follow --limit 100', does: 'the newest hundred, and no more' },
    { command: 'magflock threats --json --project shop', does: 'an incident per line, for a program' },
  ],
  async run(context) {
    const { daemon, flags, output, signal } = context;
    const limit = readLimit(flags.value('limit'), 20, 0);
    const client = await daemon();
    if (flags.has('no-follow')) {
      const threats = await newest(client, context, limit);
      for (const threat of threats) show(context, threat);
      if (threats.length === 0) output.talk('no incidents are kept');
      return undefined;
    }
    const shown = new Set<string>();
    const project = flags.value('project');
    const query = project === undefined ? '' : `?project=${encodeURIComponent(project)}`;
    try {
      for await (const line of client.stream<LiveLine>('GET', `/sentinel/threats/live${query}`)) {
        if ('open' in line) {
          // From here on the stream misses nothing: what was before can be read without a gap.
          for (const threat of await newest(client, context, limit)) {
            shown.add(threat.id);
            show(context, threat);
          }
          output.talk('waiting for more; Ctrl-C ends it');
        } else if ('dropped' in line) {
          if (output.json) output.document(line);
          else output.warn(`${line.dropped} more came too fast to be shown; magflock threats --no-follow`);
        } else if (!shown.delete(line.id)) show(context, line);
      }
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    }
    return undefined;
  },
} satisfies Command;

/** Oldest first, as they came. */
async function newest(
  client: ControlClient,
  { flags }: CommandContext,
  limit: number,
): Promise<readonly Threat[]> {
  if (limit === 0) return [];
  const query = new URLSearchParams({ limit: String(limit) });
  const project = flags.value('project');
  if (project !== undefined) query.set('project', project);
  const threats = await client.ask<readonly Threat[]>('GET', `/sentinel/threats?${query}`);
  return threats.toReversed();
}

function show({ output }: CommandContext, threat: Threat): void {
  if (output.json) output.document(threat);
  else output.data(threatLine(threat, output));
}
