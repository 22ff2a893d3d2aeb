import { deepEqual, equal, ok } from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./journalling.process.ts', import.meta.url));

interface Run {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  until(what: string, holds: () => boolean): Promise<void>;
  /** Numbers that were acknowledged. */
  told(): number[];
  books(): number[];
  kill9(): Promise<void>;
}

describe('journals when everything is killed', function () {
  this.timeout(120_000);
  let dataDir: string;

  before(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'magflock-journal-'));
    chmodSync(dataDir, 0o711);
  });
  after(() => {
    endPostmaster(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  });

  function run(order: string, first = 1): Run {
    const child = spawn(process.execPath, [program, dataDir, order, String(first)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: string[] = [];
    let errors = '';
    let changed = () => {};
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      lines.push(line);
      changed();
    });
    child.once('close', () => changed());
    return {
      child,
      lines,
      async until(what, holds) {
        while (!holds()) {
          if (child.exitCode !== null || child.signalCode !== null) {
            throw new Error(`ended before ${what}: ${errors} ${lines.slice(-3).join()}`);
          }
          await new Promise<void>((resolve) => {
            changed = resolve;
          });
        }
      },
      told: () => lines.filter((line) => line.startsWith('told ')).map((line) => Number(line.slice(5))),
      books: () => {
        const line = lines.findLast((one) => one.startsWith('books '));
        return line === undefined ? [] : (JSON.parse(line.slice(6)) as number[]);
      },
      async kill9() {
        child.kill('SIGKILL');
        if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
        await new Promise((resolve) => setImmediate(resolve));
      },
    };
  }

  it('lose nothing that was acknowledged and have nothing twice: kill -9 of the machine, and of the thread', async function () {
    const told: number[] = [];
    let sent = 1;
    for (const order of ['add', 'add and crash', 'add']) {
      const machine = run(order, sent);
      await machine.until('its books', () => machine.books().length > 0 || machine.lines.length > 0);
      check(machine.books(), told);
      const wanted = order === 'add' ? 1_000 : 1_500;
      await machine.until('enough', () => machine.told().length >= wanted);
      await machine.kill9();
      told.push(...machine.told());
      // Numbers on their way when it was killed are not sent again by the next one.
      sent = Math.max(...told) + 1_000;
    }
    const last = run('look');
    await last.until('the end', () => last.lines.includes('down'));
    check(last.books(), told);
    this.test!.title += ` (${told.length} acknowledged)`;
  });

  it('events for a durable subscriber survive a kill -9 of the machine, and have their effect once', async () => {
    // The subscriber is known from the runs before; now it is away.
    const before = run('announce', 1_000_000);
    await before.until('all events kept', () => before.lines.includes('kept'));
    const already = before.books().length;
    await before.kill9();
    const after = run('wait', already + 50);
    await after.until('the end', () => after.lines.includes('down'));
    deepEqual(
      after
        .books()
        .slice(already)
        .sort((a, b) => a - b),
      Array.from({ length: 50 }, (_, number) => 1_000_000 + number),
    );
  });
});

function check(books: readonly number[], told: readonly number[]): void {
  const there = new Set(books);
  equal(there.size, books.length, 'nothing twice');
  deepEqual(
    told.filter((number) => !there.has(number)),
    [],
    'everything acknowledged',
  );
  ok(books.length >= told.length);
}

/** A machine that was killed leaves its PostgreSQL to the next one. */
function endPostmaster(folder: string): void {
  try {
    const pid = Number(readFileSync(join(folder, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)) process.kill(pid, 'SIGQUIT');
  } catch {
    // None runs.
  }
}
