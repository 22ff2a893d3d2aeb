import { type Figure, report } from '../support/report.ts';
import { benchmarks } from './savina/benchmarks.ts';
import { Contender } from './support/contender.ts';
import { figureOf } from './support/figure-of.ts';
import { takeTurns } from './support/take-turns.ts';

// Savina: actors of one thread. Each benchmark has its own pair of processes, so that none is compiled for another.
const short = process.argv.includes('--short');
const rounds = short ? 1 : 5;
const milliseconds = short ? 150 : 800;
const only = process.argv.slice(2).find((argument) => !argument.startsWith('--'));

const figures: Figure[] = [];
for (const { name, what, parameters, size, unit, operations } of benchmarks) {
  if (only !== undefined && only !== name) continue;
  process.stderr.write(`${name}: ${what}\n`);
  const sized = short ? { ...parameters, [size]: Math.ceil((parameters[size] as number) / 10) } : parameters;
  const order = { parameters: sized, operations: operations(sized), milliseconds };
  const contenders = (['magflock', 'nact'] as const).map(
    (framework) =>
      new Contender(framework, new URL(`./savina/${framework}.process.ts`, import.meta.url), {
        args: [name],
      }),
  );
  try {
    const samples = await takeTurns(contenders, rounds, (contender) => contender.measure('rate', order));
    figures.push(
      figureOf({
        measure: `Savina ${name.replaceAll('-', ' ')}, ${unit} per second`,
        samples: samples.get('magflock') ?? [],
        peer: { name: 'nact', samples: samples.get('nact') ?? [] },
        goal: { of: 'ratio', atLeast: 1 },
      }),
    );
  } finally {
    for (const contender of contenders) await contender.stop();
  }
}
report(figures);
