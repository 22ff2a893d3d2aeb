import { registerHooks } from 'node:module';

/** Of `process`: what reaches other processes, native code, the machine, or modules. */
const ofProcess = [
  'binding',
  '_linkedBinding',
  'dlopen',
  'getBuiltinModule',
  'kill',
  '_kill',
  '_debugProcess',
  '_debugEnd',
  '_getActiveHandles',
  '_getActiveRequests',
  'report',
  'chdir',
  'umask',
  'setuid',
  'setgid',
  'seteuid',
  'setegid',
  'setgroups',
  'initgroups',
  'loadEnvFile',
  'setSourceMapsEnabled',
  'openStdin',
  'mainModule',
  'send',
  'execve',
  'reallyExit',
  'abort',
];
const ofGlobal = [
  'fetch',
  'WebSocket',
  'EventSource',
  'BroadcastChannel',
  'MessageChannel',
  'MessagePort',
  'Worker',
  'navigator',
  'WebAssembly',
  'SharedArrayBuffer',
  'Atomics',
  'eval',
  'Function',
  'localStorage',
  'sessionStorage',
];

/**
 * Takes away from this process what it does not need, before any guest is there. A second wall: who has broken out of
 * an isolate finds less here, but only the operating system holds it for sure. To be called after everything was
 * imported: nothing can be imported any more.
 */
export function disarmProcess(): void {
  for (const name of ofProcess) remove(process, name);
  for (const name of ofGlobal) remove(globalThis, name);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.freeze(process.argv);
  Object.freeze(process.execArgv);
  registerHooks({
    resolve: () => {
      throw new Error('nothing is imported here');
    },
    load: () => {
      throw new Error('nothing is imported here');
    },
  });
}

function remove(from: object, name: string): void {
  try {
    if (!Reflect.deleteProperty(from, name)) {
      Reflect.defineProperty(from, name, { value: undefined, writable: false, configurable: false });
    }
  } catch {
    // Some properties of Node refuse; the outer walls stand without it.
  }
}
