import { existsSync } from 'node:fs';
import type { PostLine } from '../../bios/post-line.ts';
import { powerOnSelfTest } from '../../bios/power-on-self-test.ts';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { Health } from '../../motherboard/health.ts';
import { checkDataFolder } from '../check-data-folder.ts';
import type { Command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { settingFlags } from '../setting-flags.ts';

export const doctorCommand = {
  name: 'doctor',
  group: 'tools',
  summary: 'look for what is wrong, each finding with its fix',
  description:
    'With a running daemon: its power-on self test and the health of its parts. Without: what a start here\n' +
    'would find. Changes nothing. Exit code 4 when there is a finding.',
  flags: settingFlags,
  examples: [
    { command: 'magflock doctor', does: 'a line per check' },
    { command: 'magflock doctor --json', does: 'for a bug report' },
  ],
  async run(context) {
    const { output } = context;
    const settings = await context.settings();
    const lines: PostLine[] = [...checkDataFolder(settings.dataDir)];
    const running = await readDaemon(context);
    if (running === undefined) {
      const firstRun = !existsSync(settings.dataDir);
      // It throws after it has reported every line; the lines are what we want.
      await powerOnSelfTest({ settings, firstRun, lastSeen: undefined }, (line) => lines.push(line)).catch(
        () => undefined,
      );
    } else lines.push(...running);
    const findings = lines.filter((line) => line.outcome === 'fail' || line.outcome === 'warn');
    if (output.json) {
      output.document({ running: running !== undefined, findings: findings.length, lines });
    } else {
      output.talk(
        running === undefined
          ? 'no daemon is running here; checked what a start would find'
          : 'daemon is running',
      );
      for (const line of lines) {
        output.data(`${mark(line, context)}  ${line.part.padEnd(14)}  ${line.facts}`);
        if (line.fix !== undefined && line.outcome !== 'ok') output.data(`      fix  ${line.fix}`);
      }
      output.talk(findings.length === 0 ? 'nothing found' : `${findings.length} to look at`);
    }
    return findings.length === 0 ? 0 : 4;
  },
} satisfies Command;

async function readDaemon({ daemon }: CommandContext): Promise<PostLine[] | undefined> {
  try {
    const client = await daemon();
    const post = await client.ask<readonly PostLine[]>('GET', '/post');
    const health = await client.ask<Readonly<Record<string, Health>>>('GET', '/health');
    return [...post, ...Object.entries(health).map(asLine)];
  } catch (thrown) {
    const error = MagFlockError.from(thrown);
    if (error.code === 'MF803') return undefined;
    throw error;
  }
}

function asLine([part, health]: [string, Health]): PostLine {
  const outcome = health.status === 'ok' ? 'ok' : health.status === 'degraded' ? 'warn' : 'fail';
  return {
    part: `health ${part}`,
    outcome,
    facts: health.summary,
    ms: 0,
    required: false,
    ...(health.fix === undefined ? {} : { fix: health.fix }),
  };
}

function mark(line: PostLine, { output }: CommandContext): string {
  const marks = {
    ok: ['green', 'ok  '],
    warn: ['yellow', 'warn'],
    fail: ['red', 'FAIL'],
    empty: ['dim', 'none'],
  } as const;
  const [format, text] = marks[line.outcome];
  return output.style(format, text);
}
