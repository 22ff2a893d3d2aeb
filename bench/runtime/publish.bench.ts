import { report } from '../support/report.ts';
import { Contender } from './support/contender.ts';
import { figureOf } from './support/figure-of.ts';
import { takeTurns } from './support/take-turns.ts';

// Publications to 1,000 subscribers on 4 threads; one counts when the last subscriber has got it.
const short = process.argv.includes('--short');
const rounds = short ? 3 : 10;
const milliseconds = short ? 150 : 400;

const start = (name: string, file: string, ...args: string[]): Contender =>
  new Contender(name, new URL(`./publish/${file}.process.ts`, import.meta.url), { args });
const topic = start('topic', 'magflock', 'topic');
const event = start('event', 'magflock', 'event');
const perSubscriber = start('one post per subscriber', 'per-subscriber');
const perThread = start('one post per thread', 'per-thread');
const contenders = [topic, event, perSubscriber, perThread];

try {
  const figures = [];
  for (const [label, burst] of [
    ['one at a time', 1],
    ['16 at a time', 16],
  ] as const) {
    const samples = await takeTurns(contenders, rounds, (contender) =>
      contender.measure('rate', { burst, milliseconds }),
    );
    for (const contender of [topic, event]) {
      for (const [peer, atLeast] of [
        [perSubscriber, 20],
        [perThread, 0.5],
      ] as const) {
        figures.push(
          figureOf({
            measure: `publish (${contender.name}) to 1,000 subscribers on 4 threads, per second, ${label}`,
            samples: samples.get(contender.name) ?? [],
            peer: { name: peer.name, samples: samples.get(peer.name) ?? [] },
            goal: { of: 'ratio', atLeast },
          }),
        );
      }
    }
  }
  report(figures);
} finally {
  for (const contender of contenders) await contender.stop();
}
