import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';
import type { Context, RootHookObject, Suite } from 'mocha';

/** Kinds of `process.getActiveResourcesInfo()` that a finished suite must not leave behind. */
const watched = [
  'Timeout',
  'MessagePort',
  'ProcessWrap',
  'PipeWrap',
  'PipeServerWrap',
  'TCPSocketWrap',
  'TCPServerWrap',
  'UDPWrap',
  'FSEventWrap',
];
const settleMs = 1500;

/** Worker threads are not in Node's list of active resources, so they are counted as they are made. */
const workers = new Set<Worker>();
let baseline = new Map<string, number>();

function onThread(message: unknown): void {
  const { worker } = message as { worker: Worker };
  workers.add(worker);
  worker.once('exit', () => workers.delete(worker));
}

function count(): Map<string, number> {
  const counts = new Map<string, number>([['Worker', workers.size]]);
  for (const kind of process.getActiveResourcesInfo()) {
    if (watched.includes(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

function leaks(): string[] {
  const found: string[] = [];
  for (const [kind, now] of count()) {
    const before = baseline.get(kind) ?? 0;
    if (now > before) found.push(`${now - before} × ${kind}`);
  }
  return found;
}

/** A timer counts as active until its callback has returned, and mocha's own timer of a hook from its first turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function check(suite: Suite): Promise<void> {
  const until = Date.now() + settleMs;
  await turn();
  let found = leaks();
  while (found.length > 0 && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await turn();
    found = leaks();
  }
  // The next suite is judged by what it adds, not by what this one left.
  baseline = count();
  if (found.length > 0) {
    throw new Error(`"${suite.title}" (${suite.file ?? 'unknown file'}) left behind: ${found.join(', ')}`);
  }
}

/**
 * Root hooks: every top-level suite that leaves a worker thread, timer, child process, port or socket behind
 * fails under its own name.
 */
export const mochaHooks: RootHookObject = {
  async beforeAll(this: Context) {
    subscribe('worker_threads', onThread);
    // Both are opened at first use and would look like a leak of the suite that prints first.
    void process.stdout;
    void process.stderr;
    await turn();
    baseline = count();
    for (const suite of this.test?.parent?.suites ?? []) {
      suite.afterAll('leaves nothing behind', async () => check(suite));
    }
  },
  afterAll() {
    unsubscribe('worker_threads', onThread);
  },
};
