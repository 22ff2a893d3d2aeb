import { styleText } from 'node:util';
import type { BootEvent, BootScreen, BootStage } from './boot-event.ts';
import type { PostLine } from './post-line.ts';

const titles: Readonly<Record<BootStage, readonly [name: string, what: string]>> = {
  bios: ['BIOS', 'power-on self test'],
  board: ['BOARD', 'initialisation'],
  slots: ['PCIe', 'slots'],
  memory: ['RAM', 'cache'],
  gpu: ['GPU', 'background jobs'],
  usb: ['USB', 'peripherals'],
  patrol: ['PATROL', 'agents'],
  check: ['CHECK', 'one real request'],
};

type Outcome = PostLine['outcome'];
type Style = Parameters<typeof styleText>[0];

/** Marks and their colours, for a terminal and for plain text. */
const marks: Readonly<Record<Outcome, readonly [terminal: string, plain: string, style: Style]>> = {
  ok: ['✔', 'ok', 'green'],
  warn: ['▲', '!!', 'yellow'],
  fail: ['✘', 'XX', 'red'],
  empty: ['·', '--', 'dim'],
};

const partWidth = 11;

/**
 * The boot screen: as on a computer that is switched on, a line per part really found. With a terminal it has
 * colours (NO_COLOR and FORCE_COLOR are obeyed) and a line that shows progress in place; without one it is plain
 * text in which no line is ever taken back.
 */
export function textScreen(
  stream: NodeJS.WritableStream & { isTTY?: boolean; columns?: number },
): BootScreen {
  const terminal = stream.isTTY === true;
  const width = Math.min(Math.max(stream.columns ?? 100, 60), 120);
  const paint = (style: Style, text: string): string => styleText(style, text, { stream });
  let stage: BootStage | undefined;
  let liveLine = false;
  const waited = new Set<string>();

  function write(text: string): void {
    if (liveLine) stream.write('\r\x1b[2K');
    liveLine = false;
    stream.write(`${text}\n`);
  }

  function live(text: string): void {
    if (terminal) stream.write(`\r\x1b[2K${text}`);
    else write(text);
    liveLine = terminal;
  }

  function post(line: Extract<BootEvent, { event: 'post' }>): void {
    if (line.stage !== stage) {
      stage = line.stage;
      const [name, what] = titles[stage];
      write(`\n  ${paint('bold', name.padEnd(partWidth + 5))}${paint('dim', what)}`);
    }
    const [shape, word, style] = marks[line.outcome];
    const mark = terminal ? ` ${paint(style, shape)}` : word;
    const time = line.ms < 1 ? '' : `${Math.round(line.ms)} ms`;
    const room = width - partWidth - 10 - time.length;
    const facts = line.outcome === 'empty' ? paint('dim', line.facts) : line.facts;
    const told = time === '' ? facts : `${facts.padEnd(room)} ${paint('dim', time)}`;
    write(`    ${mark} ${line.part.padEnd(partWidth)} ${told}`);
    if (line.fix !== undefined && line.outcome !== 'ok')
      write(`       ${' '.repeat(partWidth)} ${paint(style, `fix: ${line.fix}`)}`);
  }

  function ready(event: Extract<BootEvent, { event: 'ready' }>): void {
    const dot = terminal ? paint('green', '●') : '*';
    write(`\n  ${dot} ${paint('bold', `ready in ${seconds(event.tookMs)}`)}\n`);
    for (const [name, link] of Object.entries(event.links))
      write(`    ${name.padEnd(partWidth)} ${paint('cyan', link)}`);
    if (event.next.length > 0) write(`\n  ${paint('bold', 'Next')}`);
    for (const command of event.next) write(`    ${command}`);
    write('');
  }

  function keys(event: Extract<BootEvent, { event: 'keys' }>): void {
    write(`\n  ${paint('bold', 'Keys')} of project ${event.project}`);
    write(`    ${'public'.padEnd(partWidth)} ${event.publicKey}`);
    if (event.file === null) {
      write(`    ${'secret'.padEnd(partWidth)} ${paint('yellow', event.secretKey)}`);
      write(`    ${''.padEnd(partWidth)} ${paint('dim', 'shown this once: keep it in a safe place')}`);
    } else
      write(`    ${'secret'.padEnd(partWidth)} in ${event.file} (mode 600): take it and remove the file`);
  }

  return {
    show(event) {
      switch (event.event) {
        case 'begin': {
          const facts = `node ${event.node} ${terminal ? '·' : '-'} pid ${event.pid} ${terminal ? '·' : '-'} ${event.dataDir}`;
          return write(`\n  ${paint('bold', `MagFlock ${event.version}`)}   ${paint('dim', facts)}`);
        }
        case 'notice':
          return write(`  ${paint('dim', `note: ${event.text}`)}`);
        case 'post':
          return post(event);
        case 'progress':
          // Without a terminal every line stays: a few are enough.
          if (!terminal && event.seconds !== 2 && event.seconds % 5 !== 0) return;
          return live(`    ${terminal ? '…' : '..'} ${event.text}, ${event.seconds} s`);
        case 'keys':
          return keys(event);
        case 'ready':
          return ready(event);
        case 'failed':
          // The error itself goes to standard error, in the form all errors have.
          return write(`\n  ${paint('red', 'not started')}\n`);
        case 'stopping':
          return write(
            event.drainMs === 0
              ? `\n  stopping (${event.reason})`
              : `\n  stopping (${event.reason}): requests in flight get ${seconds(event.drainMs)}, Ctrl-C again forces`,
          );
        case 'draining':
          return live(`  draining, ${event.secondsLeft} s left`);
        case 'waiting': {
          // Without a terminal every line stays: one is enough to know who keeps the machine.
          const news = event.parts.filter(({ part }) => !waited.has(part));
          if (!terminal && news.length === 0) return;
          for (const { part } of event.parts) waited.add(part);
          const parts = event.parts.map(({ part, ms, doing }) => `${part} (${seconds(ms)}, ${doing})`);
          return live(`  waiting for ${parts.join(', ')}`.slice(0, terminal ? width - 1 : undefined));
        }
        case 'killed':
          return write(
            `  ${paint('yellow', 'killed')} ${event.part} after ${seconds(event.ms)}: ${event.doing}`,
          );
        case 'stopped': {
          const forced = event.forced.length === 0 ? '' : `; had to kill ${event.forced.join(', ')}`;
          return write(`  stopped in ${seconds(event.tookMs)}${forced}`);
        }
      }
    },
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
