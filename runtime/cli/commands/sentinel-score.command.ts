import { once } from 'node:events';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { Command } from '../command.ts';

const surfaces = ['query', 'body', 'sql'] as const;

export const sentinelScoreCommand = {
  name: 'sentinel score',
  group: 'security',
  summary: 'judge texts as the patrol would, without a daemon',
  description:
    'Reads a text in each line, {"text": "…"}, from standard input and writes for each, in the same order, a line\n' +
    '{"score", "band", "action", "why"}: score 0 to 1, higher is worse; action allow, log, throttle, block or escalate.\n' +
    'The same code, models and thresholds as in the daemon: of --models, else of the data folder named by --data, else\n' +
    'those shipped. Surfaces: a parameter of a query (as a person writes it; it is percent-encoded here), a string in a\n' +
    'JSON body, a whole SQL statement. A line that cannot be read is answered {"error": …} in its place; then the exit\n' +
    'code is 4. A line may have 16 MiB.',
  flags: [
    { name: 'agent', value: 'name', summary: 'which one judges', choices: ['sqlguard'] },
    { name: 'surface', value: 'surface', summary: 'where the texts would stand', choices: surfaces },
    { name: 'models', value: 'folder', summary: 'with values.onnx, statements.onnx and card.json' },
  ],
  examples: [
    {
      command: 'magflock sentinel score --agent sqlguard --surface query --json < values.ndjson',
      does: 'values of parameters',
    },
    {
      command: 'magflock sentinel score --agent sqlguard --surface sql --models .magflock/models/spring',
      does: 'statements, by a candidate',
    },
  ],
  async run({ flags, output, settings }) {
    const surface = surfaces.find((one) => one === flags.value('surface'));
    if (surface === undefined || !flags.has('agent')) {
      throw new MagFlockError('MF802', 'sentinel score needs --agent and --surface', {
        fix: 'magflock sentinel score --agent sqlguard --surface query < values.ndjson',
      });
    }
    // Loaded when asked for: no other command pays for the inference engine.
    const { openScorer } = await import('../sentinel/open-scorer.ts');
    const { scoreLines } = await import('../sentinel/score-lines.ts');
    const { scorer, version, folder } = await openScorer(await settings(), {
      surface,
      models: flags.value('models'),
      dataFolder: flags.has('data'),
    });
    output.talk(`judged by ${version} (${folder})`);
    if (process.stdin.isTTY) output.talk('reading {"text": …} lines; Ctrl-D ends');
    const began = performance.now();
    const write = async (text: string): Promise<void> => {
      if (!output.stdout.write(text)) await once(output.stdout, 'drain');
    };
    const { lines, bad, badCount } = await scoreLines(process.stdin, scorer, surface, write);
    const seconds = (performance.now() - began) / 1000;
    output.talk(
      `${lines} lines in ${seconds.toFixed(1)} s (${Math.round(lines / Math.max(seconds, 0.001))} a second)`,
    );
    if (badCount === 0) return 0;
    output.warn(
      `${badCount} of them could not be read: line ${bad.join(', ')}${badCount > bad.length ? ' …' : ''}`,
    );
    return 4;
  },
} satisfies Command;
