import { Socket } from 'node:net';
import { disarmProcess } from '../../../sandbox/isolate/disarm-process.ts';
import { frameKind } from '../../../sandbox/protocol/frame-kind.ts';
import { noId } from '../../../sandbox/protocol/frame-limits.ts';
import { FrameWriter } from '../../../sandbox/protocol/frame-writer.ts';

// What code that broke out of an isolate would try, in a process that was disarmed as a cage is.
const line = new Socket({ fd: 3 });
const writer = new FrameWriter((bytes) => line.write(bytes));
process.env['CANARY'] = 'sings';
const host = process as unknown as Record<string, (...args: unknown[]) => unknown>;
disarmProcess();

const attempts: Record<string, () => unknown> = {
  environment: () => {
    if (Object.keys(process.env).length > 0) return 'read';
    throw new Error('empty');
  },
  binding: () => host['binding']?.('fs') ?? none(),
  linkedBinding: () => host['_linkedBinding']?.('fs') ?? none(),
  builtinModule: () => host['getBuiltinModule']?.('fs') ?? none(),
  kill: () => host['kill']?.(process.pid, 0) ?? none(),
  debugProcess: () => host['_debugProcess']?.(process.pid) ?? none(),
  dlopen: () => host['dlopen']?.({}, '/x') ?? none(),
  report: () => (process as { report?: { getReport(): unknown } }).report?.getReport() ?? none(),
  execve: () => host['execve']?.('/bin/true') ?? none(),
  handles: () => host['_getActiveHandles']?.() ?? none(),
  fetch: () => (globalThis as { fetch?: unknown }).fetch ?? none(),
  broadcast: () => (globalThis as { BroadcastChannel?: unknown }).BroadcastChannel ?? none(),
  evaluate: () => (globalThis as { eval?: unknown }).eval ?? none(),
  fs: () => import('node:fs'),
  inspector: () => import('node:inspector'),
  sqlite: () => import('node:sqlite'),
  v8: () => import('node:v8'),
  net: () => import('node:net'),
  worker: () => import('node:worker_threads'),
  data: () => import('data:text/javascript,export default 1' as string),
};
function none(): never {
  throw new Error('not there');
}

const through: string[] = [];
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    await attempt();
    through.push(name);
  } catch {
    // Held.
  }
}
writer.send(frameKind.ready, 0, noId, JSON.stringify(through));
line.on('end', () => process.exit(0));
line.resume();
