/** One technique as the body of an async function of `request`, `context` and `try_`. */
export interface GuestRow {
  readonly name: string;
  readonly code: string;
}

/**
 * What each guest has besides: `try_` takes anything that may lead out and walks from it to a host; it answers what it
 * found, or nothing. A host is whatever makes code from text, or has `process`, `require` or a module of the host.
 */
export const guestPrelude = `
const seen = new Set();
const hostIn = (value) => {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return undefined;
  for (const key of ['process', 'require', 'mainModule', 'ivm', 'Buffer', 'global', 'module']) {
    try { if (value[key] !== undefined) return 'host by ' + key; } catch {}
  }
  try { if (/^(Reference|Isolate|ExternalCopy|Callback|Context|Script|Module)$/.test(String(value.constructor?.name))) return 'an ivm instance'; } catch {}
  for (const make of [() => value.constructor('return this')(), () => value.constructor.constructor('return this')(),
    () => value.constructor.constructor.constructor('return globalThis')(), () => new value.constructor.constructor('return process')(),
    () => value('return process')(), () => value.constructor.prototype.constructor('return 7')()]) {
    try {
      const made = make();
      if (made !== undefined && (made === 7 || made?.process !== undefined || (typeof made === 'object' && made !== null && made !== value && made === globalThis))) return 'code from text';
      if (made?.pid !== undefined) return 'process';
    } catch {}
  }
};
const walk = (value, depth = 0, found = new Set()) => {
  const here = hostIn(value);
  if (here !== undefined) return here;
  if (depth > 4 || value === null || (typeof value !== 'object' && typeof value !== 'function') || found.has(value)) return;
  found.add(value);
  let keys = [];
  try { keys = Reflect.ownKeys(value).slice(0, 40); } catch {}
  for (const key of keys) {
    let inner;
    try { inner = value[key]; } catch (error) { inner = error; }
    const there = walk(inner, depth + 1, found);
    if (there !== undefined) return there + ' at ' + String(key);
  }
  try { return walk(Object.getPrototypeOf(value), depth + 1, found); } catch {}
};
const leads = [];
let walking = false;
const try_ = (lead) => { let value; if (walking) return lead; walking = true; try { value = typeof lead === 'function' && lead.length === 0 ? lead() : lead; } catch (error) { value = error; } const found = walk(value); if (found) leads.push(found); walking = false; return value; };
`;

/** Categories of vm2's ATTACKS.md, those of isolates, and side channels: each must lead nowhere and touch nothing. */
export const escapes: readonly GuestRow[] = [
  {
    name: 'A1 the constructor chain',
    code: `try_(this); try_(context); try_(request); try_(context.log.info); try_(() => context.constructor.constructor('return process')());`,
  },
  {
    name: 'A2 prototype chains and pollution',
    code: `for (const one of [request, context, [], () => {}, context.log, async () => {}]) { try_(Object.getPrototypeOf(one)); try { Object.getPrototypeOf(one).pwned = 1; } catch {} try { one.__proto__.__proto__ = { pwned: 1 }; } catch {} }`,
  },
  {
    name: 'A3 symbols and species',
    code: `class Evil extends Promise { static get [Symbol.species]() { return function (take) { take((v) => try_(v), (v) => try_(v)); }; } } try_(() => Evil.resolve(1).then(() => {})); try_(await context.cache.get('k')); const p = context.cache.get('k'); try_(p[Symbol.toStringTag]); try { p.constructor = Evil; } catch {} try_(p.then((v) => v));`,
  },
  {
    name: 'A4 errors, their stacks and call sites',
    code: `try { Error.prepareStackTrace = (_, sites) => { for (const site of sites) { try_(site); try_(() => site.getThis()); try_(() => site.getFunction()); } return ''; }; } catch (e) { try_(e); } try { null.x; } catch (e) { try_(e); e.name = Symbol(); try { e.stack; String(e); } catch (inner) { try_(inner); } } await context.cache.get(Symbol()).catch(try_); await context.cache.get().catch((e) => { try_(e); try_(e.cause); if (/node:|\\/work|\\.ts\\b/.test(e.stack)) leads.push('a path of the host'); });`,
  },
  {
    name: 'A5 callers of functions',
    code: `try_(() => arguments.callee.caller); const get = { get a() { try_(() => get.caller); return 1; } }; context.log.info(get); await context.cache.set('k', { toJSON() { try_(() => this.caller); return 1; } });`,
  },
  {
    name: 'A6 proxies whose traps the bridge runs',
    code: `const trap = new Proxy({}, { get: (_, name) => (...args) => { args.forEach((one) => try_(one)); try_(new Error().stack && null); return Reflect[name]?.(...args); } }); const proxy = new Proxy(function () {}, trap); context.log.info(proxy); await context.cache.set('k', proxy).catch(try_); await context.cache.get(proxy).catch(try_);`,
  },
  {
    name: 'A7 promises, then and async returns',
    code: `const evil = { then(a, b) { try_(a); try_(b); try_(a.constructor); a({ then(c) { try_(c); c(1); } }); } }; try_(await evil); try { Promise.prototype.then = function (...a) { a.forEach(try_); }; } catch {} await context.cache.set('k', evil).catch(try_); const one = await context.cache.get('k'); try_(one);`,
  },
  {
    name: 'A8 symbols across realms',
    code: `for (const name of ['nodejs.util.inspect.custom', 'nodejs.util.promisify.custom', 'nodejs.rejection', 'nodejs.dispose']) { const symbol = Symbol.for(name); const spy = { [symbol]: (...args) => { args.forEach(try_); return 1; } }; console.log(spy); context.log.info(spy); await context.cache.set('k', spy).catch(try_); } try_(Object.getOwnPropertySymbols(globalThis).map((s) => globalThis[s]));`,
  },
  {
    name: 'A9 inspection of proxies',
    code: `const handler = {}; console.log(new Proxy(handler, handler), '%o %O %j %s %c', new Proxy([], handler)); try_(handler); console.table?.([new Proxy({}, handler)]); console.dir?.(new Proxy({}, handler), { showProxy: true });`,
  },
  {
    name: 'A10 built-ins as conduits',
    code: `for (const one of [Reflect.construct, Reflect.apply, Object.create, Array.from, JSON.parse, Function.prototype.call, structuredClone_()]) { try_(() => one?.(Function, undefined, ['return process'])); try_(() => one?.(Function, ['return process'])); } function structuredClone_() { return globalThis.structuredClone; } try_(() => JSON.parse('1', function () { return this; }));`,
  },
  {
    name: 'A11 patched call, apply, bind',
    code: `for (const [on, name] of [[Function.prototype, 'call'], [Function.prototype, 'apply'], [Function.prototype, 'bind'], [Object, 'defineProperty'], [Reflect, 'apply'], [JSON, 'stringify'], [Array.prototype, 'push'], [Map.prototype, 'get'], [String.prototype, 'slice']]) { const old = on[name]; try { on[name] = function (...args) { try_(this); args.forEach((one) => try_(one)); return Reflect.apply(old, this, args); }; } catch {} } await context.cache.set('k', 1); context.log.info('x');`,
  },
  {
    name: 'A12 text that a transformer would miss',
    code: `try_(() => (0, globalThis['ev' + 'al'])?.('process')); try_(() => globalThis['\\u0046unction']('return process')()); try_(() => (class { static { this.x = new.target; } }).x); label: { break label; } try_(() => Reflect.get(globalThis, 'Func' + 'tion')('return this')());`,
  },
  {
    name: 'A13 dynamic imports',
    code: `for (const one of ['fs', 'node:fs', 'isolated-vm', 'file:///etc/passwd', '/etc/passwd', 'data:text/javascript,export default globalThis', 'http://127.0.0.1/', './extension.js', '../package.json', { toString: () => 'fs' }]) { await import(one).then((m) => leads.push('imported ' + String(one)), try_); } await import('node:fs', { with: { type: 'json' } }).then((m) => leads.push('imported'), try_); try_(import.meta);`,
  },
  {
    name: 'A14 has traps of Object.prototype',
    code: `try { Object.setPrototypeOf(Object.prototype, new Proxy({}, { has(_, k) { leads.push('has ' + String(k)); return true; }, get(_, k, r) { try_(r); } })); } catch (e) { try_(e); } try { globalThis.__proto__ = new Proxy({}, { get(_, k, r) { leads.push('get'); } }); } catch (e) { try_(e); } await context.cache.get('k');`,
  },
  {
    name: 'A15 descriptors',
    code: `for (const one of [globalThis, context, context.log, context.cache, Promise.prototype, Error.prototype]) { try_(Object.entries(Object.getOwnPropertyDescriptors(one))); } try_(Object.getOwnPropertyDescriptor(globalThis, 'console')?.value);`,
  },
  {
    name: 'A16 suppressed errors',
    code: `try { using a = { [Symbol.dispose]() { throw new Error('a'); } }; throw new Error('b'); } catch (e) { try_(e); try_(e.suppressed); try_(e.error); } const stack = new DisposableStack(); stack.defer(() => { null.x; }); stack.adopt(context, (c) => { try_(c); throw c; }); try { stack.dispose(); } catch (e) { try_(e); }`,
  },
  {
    name: 'A17 tags of WebAssembly',
    code: `try_(() => WebAssembly.JSTag); try_(() => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))); if (typeof WebAssembly !== 'undefined') leads.push('WebAssembly');`,
  },
  {
    name: 'A18 species of arrays',
    code: `const list = [1, 2, 3]; try { list.constructor = {} } catch (e) { try_(e); } Object.defineProperty(list, 'constructor', { value: { [Symbol.species]: function () { return globalThis; } } }); try { list.map((x) => x); list.filter(Boolean); list.concat([1]); list.splice(0, 1); } catch (e) { try_(e); } await context.cache.set('k', list); try_(await context.cache.get('k'));`,
  },
  {
    name: 'A19 fromAsync without prepareStackTrace',
    code: `try { Error.prepareStackTrace = undefined; } catch {} await Array.fromAsync({ length: 1, 0: { then(a, b) { try_(a); try_(b); b(1); } } }).catch(try_); await Array.fromAsync([context.cache.get()]).catch(try_); Error.stackTraceLimit = Infinity; try { null.x; } catch (e) { if (/node:|\\.ts\\b/.test(e.stack)) leads.push('a path'); }`,
  },
  {
    name: 'A20 writes through to intrinsics of the host',
    code: `const value = await context.cache.get('k'); for (const one of [request, request.__proto__, value, context.config]) { try { one.__proto__.pwned = 1; } catch {} try { one.constructor.prototype.pwned = 1; } catch {} try { Object.defineProperty(one.__proto__, 'then', { value: 1 }); } catch {} } if ({}.pwned) leads.push('polluted');`,
  },
  {
    name: 'A21 modules of the host by name',
    code: `for (const name of ['module', 'worker_threads', 'cluster', 'vm', 'repl', 'inspector', 'child_process', 'process', 'v8', 'sqlite', 'net']) { try_(() => require(name)); try_(() => globalThis[name]); try_(() => process.binding(name)); try_(() => process.getBuiltinModule(name)); await import('node:' + name).then(() => leads.push(name), () => {}); }`,
  },
  {
    name: 'A22 rejections that nobody handles',
    code: `for (let at = 0; at < 50; at += 1) Promise.reject(new Proxy({}, { get: (_, k) => { leads.push('read ' + String(k)); return 1; } })); void (async () => { throw null; })(); void Promise.reject({ get message() { leads.push('message'); }, get stack() { leads.push('stack'); } });`,
  },
  {
    name: 'A23 buffers of the host',
    code: `try_(() => Buffer.alloc(1e9)); try_(() => new ArrayBuffer(8, { maxByteLength: 2 ** 40 })); try_(() => new ArrayBuffer(1e12)); if (typeof Buffer !== 'undefined') leads.push('Buffer');`,
  },
  {
    name: 'A24 links and paths of a loader',
    code: `for (const path of ['/proc/self/root/etc/passwd', '/image/sandbox/isolate/cage.process.ts', 'link/../../x', '//etc/passwd']) await import(path).then(() => leads.push(path), try_); try_(() => new Worker('/x')); try_(() => importScripts('/x'));`,
  },
  {
    name: 'A25 a guest within the guest',
    code: `try_(() => new ShadowRealm().evaluate('process')); try_(() => new (context.constructor)()); try_(() => context.in('main').in('main').extension); try_(context.in('main')); try_(() => context.in('main').constructor.constructor('return this')());`,
  },
  {
    name: 'A26 throws without a prototype',
    code: `const bare = Object.create(null); bare.then = 1; await context.cache.set('k', { get a() { throw bare; } }).catch((e) => { try_(e); if (e !== bare && e.constructor?.constructor !== Function) leads.push('foreign'); }); context.log.info({ get a() { throw bare; } }); await context.cache.set('k', { toJSON() { throw bare; } }).catch(try_);`,
  },
  {
    name: 'A27 names of internals',
    code: `for (const name of ['__ivm', '_ivm', '$', '$$', '__dispatcher', 'dispatcher', 'outbox', 'settings', 'pending', 'live', 'handlers', '__magflock', '__host', '__context', 'bootstrap']) { if (name in globalThis) leads.push(name); } try_(Reflect.ownKeys(globalThis).map((k) => globalThis[k]));`,
  },
  {
    name: 'A28 setters that catch records',
    code: `for (const [on, key] of [[Array.prototype, '0'], [Array.prototype, 0], [Object.prototype, 'value'], [Object.prototype, 'resolve'], [Object.prototype, 'code'], [Object.prototype, 'get']]) { try { Object.defineProperty(on, key, { set(v) { try_(v); leads.push('caught'); }, get() { return undefined; } }); } catch {} } await context.cache.set('k', [1]); try_(await context.cache.get('k'));`,
  },
  {
    name: 'A+ realms, Temporal, decorators, JSPI of the future',
    code: `for (const name of ['ShadowRealm', 'Temporal', 'AsyncContext', 'Iterator_', 'StructType', 'SharedStruct']) if (name in globalThis) leads.push(name); try_(() => WebAssembly.Suspending); try_(() => Symbol.metadata); try_(() => Iterator.from({ next() { const done = this.once; this.once = true; return { done, get value() { return globalThis.process; } }; } }).toArray());`,
  },
  {
    name: 'B an instance of isolated-vm, by any way',
    code: `for (const one of [request, context, this, arguments, await context.cache.get('k'), context.log, context.cache.get]) try_(one); await context.cache.get(1).catch((e) => { try_(e); try_(e.cause); try_(e.details); });`,
  },
  {
    name: 'B values a callback must not get',
    code: `const circle = {}; circle.c = circle; const odd = [circle, 1n, () => 1, Symbol('x'), new Array(1e6), { get a() { return globalThis; } }, JSON.parse('{"__proto__":{"pwned":1},"then":1}'), new Proxy([], {}), 'x'.repeat(3e6), NaN, -0, new Date(NaN), [undefined], '\\ud800']; for (const one of odd) { await context.cache.set('k', one).catch(try_); await context.cache.get(one).catch(try_); } if ({}.pwned) leads.push('polluted');`,
  },
  {
    name: 'B the same isolate from within its own call',
    code: `const again = { toJSON() { void context.cache.get('k').then(try_); context.log.info(again2); return 1; } }; const again2 = { toJSON() { void context.cache.set('k', again).catch(try_); return 2; } }; await context.cache.set('k', again); await Promise.all(Array.from({ length: 50 }, () => context.cache.get('k')));`,
  },
  {
    name: 'B errors with paths of the host',
    code: `for (const one of [() => context.cache.get({}), () => context.cache.set(), () => context.in('nope').cache.get('k'), () => context.cache.get('x'.repeat(1e4))]) await Promise.resolve().then(one).catch((e) => { const text = String(e.stack) + e.message + JSON.stringify(e.details ?? ''); if (/node:|\\/work|\\/var|\\.ts\\b|node_modules/.test(text.replaceAll('magflock:guest', ''))) leads.push(text.slice(0, 200)); });`,
  },
  {
    name: 'B a log flood that the host would keep',
    code: `for (let at = 0; at < 2e4; at += 1) context.log.info('x'.repeat(100));`,
  },
  {
    name: 'B a buffer that changes while it is copied',
    code: `const buffer = new ArrayBuffer(16); const view = new Uint8Array(buffer); await context.cache.set('k', { get a() { try { buffer.transfer(); } catch {} return view; }, b: view }).catch(try_); try_(() => buffer.resize?.(1e9));`,
  },
  {
    name: 'E calls with paths of the prototype',
    code: `for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) { try_(context[name]); try_(context.cache[name]); try_(context.in('main')[name]); await context.cache.get(name).then(try_, try_); }`,
  },
  {
    name: 'G facts that are polluted for the host',
    code: `request.project = 'other'; request.__proto__ = { role: 'service_role' }; try { context.project = 'other'; } catch {} try { Object.defineProperty(context, 'project', { value: 'other' }); } catch {} if (context.project !== 'main') leads.push('another project'); await context.in('other').cache.get('k').then(() => leads.push('the cache of another project'), () => {});`,
  },
  {
    name: 'H clocks and counters',
    code: `for (const name of ['SharedArrayBuffer', 'Atomics', 'performance', 'setInterval', 'setImmediate', 'WeakRef', 'FinalizationRegistry', 'Worker', 'queueMicrotask']) if (name in globalThis) leads.push(name); const before = Date.now(); for (let i = 0; i < 2e6; i += 1); if (Date.now() !== before || new Date().getTime() !== before) leads.push('a clock that runs'); if (before % 100 !== 0) leads.push('a fine clock'); if (new Intl.DateTimeFormat('en', { fractionalSecondDigits: 3 }).format() !== new Intl.DateTimeFormat('en', { fractionalSecondDigits: 3 }).format(before)) leads.push('a clock by Intl');`,
  },
];

/** What a guest uses up, and how it ends: code of the answer and reason of the end, as the runtime notes it. */
export interface ExhaustionRow extends GuestRow {
  readonly answer: RegExp;
  /** Undefined: it goes on. */
  readonly ends?: RegExp;
}

export const exhaustions: readonly ExhaustionRow[] = [
  { name: 'C a loop', code: 'for (;;);', answer: /^MF661$/, ends: /^cpu/ },
  {
    name: 'C microtasks',
    code: 'const again = () => Promise.resolve().then(again); return again();',
    answer: /^MF661$/,
    ends: /^cpu/,
  },
  {
    name: 'C a regular expression',
    code: `return /^(a+)+$/.test('a'.repeat(60) + 'b')`,
    answer: /^MF661$/,
    ends: /^cpu/,
  },
  { name: 'C a promise that never settles', code: 'await new Promise(() => {})', answer: /^MF60[26]$/ },
  {
    name: 'C a thousand promises that never settle',
    code: 'for (let i = 0; i < 1e5; i += 1) new Promise(() => {}); await new Promise(() => {})',
    answer: /^MF60[26]$/,
  },
  {
    name: 'C a huge fill',
    code: 'return new Array(1e9).fill(0).length',
    answer: /^MF6(01|61|62)$/,
    ends: /.*/,
  },
  {
    name: 'C a map that grows',
    code: 'const map = new Map(); for (let i = 0; ; i += 1) map.set(i, { i });',
    answer: /^MF6(01|61)$/,
    ends: /^(memory|cpu|fault|stuck)/,
  },
  {
    name: 'C objects that grow',
    code: 'const all = []; for (;;) all.push({ a: [1, 2, 3] });',
    answer: /^MF6(01|61)$/,
    ends: /^(memory|cpu)/,
  },
  { name: 'C 600 MB at once', code: 'return new Uint8Array(600e6).length', answer: /^MF662$/ },
  {
    name: 'C buffers that add up',
    code: 'const all = []; for (;;) all.push(new Uint8Array(4e6).fill(1));',
    answer: /^MF6(01|61|62)$/,
    ends: /.*/,
  },
  {
    name: 'C a string that doubles',
    code: `let all = 'xxxxxxxx'; const kept = []; for (;;) { all += all; kept.push([...all.slice(0, 1e6)]); }`,
    answer: /^MF6(01|61|62)$/,
    ends: /.*/,
  },
  {
    name: 'C a replace of 256 MB',
    code: `return 'a'.repeat(2 ** 28).replace(/a/g, 'bb').length`,
    answer: /^MF6(01|61|62)$/,
    ends: /.*/,
  },
  {
    name: 'C a JSON bomb',
    code: `return JSON.parse('['.repeat(5e6) + ']'.repeat(5e6)).length`,
    answer: /^(MF6(01|61|62)|answered)$/,
    ends: /.*/,
  },
  { name: 'C a deep recursion', code: 'const dig = () => dig() + 1; return dig()', answer: /^MF662$/ },
  {
    name: 'C a hundred thousand timers',
    code: 'for (let i = 0; i < 1e5; i += 1) setTimeout(() => {}, 1e9); return {}',
    answer: /^MF662$/,
  },
  {
    name: 'C a huge integer',
    code: 'return String((2n ** 4000000n) ** 3n).length',
    answer: /^MF6(01|61|62)$/,
    ends: /.*/,
  },
  {
    name: 'C a message for each neighbour',
    code: `for (let i = 0; i < 5000; i += 1) void context.cache.set('k' + i, 'x'.repeat(1000)).catch(() => {}); return { body: 1 }`,
    answer: /^answered$/,
  },
  {
    name: 'C one message of many megabytes',
    code: `await context.cache.set('k', 'x'.repeat(2e7)); return {}`,
    answer: /^MF664$|^MF662$/,
  },
  { name: 'C an answer of many megabytes', code: `return { body: 'x'.repeat(5e6) }`, answer: /^MF66[24]$/ },
  {
    name: 'C an answer that is too deep',
    code: 'let deep = []; for (let i = 0; i < 1e4; i += 1) deep = [deep]; return { body: deep }',
    answer: /^MF66[24]$/,
  },
  {
    name: 'C a flood of log lines',
    code: `for (let i = 0; i < 1e4; i += 1) console.log('x'.repeat(2000)); return {}`,
    answer: /^(answered|MF661)$/,
    ends: /.*/,
  },
  {
    name: 'C an endless getter of the answer',
    code: 'return { get body() { for (;;); } }',
    answer: /^MF661$/,
    ends: /^cpu/,
  },
  {
    name: 'C an endless toJSON',
    code: 'return { body: { toJSON() { for (;;); } } }',
    answer: /^MF661$/,
    ends: /^cpu/,
  },
  {
    name: 'C a sort that never ends',
    code: 'return [3, 1, 2].sort(() => { for (;;); })',
    answer: /^MF661$/,
    ends: /^cpu/,
  },
  {
    name: 'C a proxy that never ends',
    code: 'return new Proxy({}, { ownKeys() { for (;;); } })',
    answer: /^MF661$/,
    ends: /^cpu/,
  },
  {
    name: 'C names without end',
    code: `const one = {}; for (let i = 0; ; i += 1) one['name' + i] = i;`,
    answer: /^MF6(01|61)$/,
    ends: /^(memory|cpu|fault|stuck)/,
  },
];
