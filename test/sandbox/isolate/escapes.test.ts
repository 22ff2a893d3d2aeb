import assert from 'node:assert/strict';
import { type LoadedTestGuest, loadGuest } from './load-guest.ts';

interface Row {
  readonly name: string;
  /** Body of an async function of `context` and `probe`; `probe(f)` is the name of what `f` throws, or its value. */
  readonly code: string;
  readonly expected: unknown;
}

/** The categories of vm2's ATTACKS.md, and those of isolates, as far as they mean anything here. */
const rows: readonly Row[] = [
  {
    name: 'the constructor of a constructor makes no code',
    code: `return [
      probe(() => this.constructor.constructor('return process')()),
      probe(() => context.constructor.constructor('return process')()),
      probe(() => probe.constructor('return process')()),
      probe(() => new probe.constructor('return process')()),
      probe(() => Reflect.construct(probe.constructor, ['return process'], Array)),
      probe(() => (class extends probe.constructor { constructor() { super('return 1'); } }) && new (class extends probe.constructor {})('return 1')),
    ]`,
    expected: ['TypeError', 'EvalError', 'EvalError', 'EvalError', 'EvalError', 'EvalError'],
  },
  {
    name: 'no kind of function has a constructor that makes code',
    code: `return [
      (async () => {}), function* () {}, (async function* () {}), class {}, Math.max, (() => {}).bind(),
      new Proxy(() => {}, {}), context.log.info, Object.getOwnPropertyDescriptor(Map.prototype, 'size').get,
    ].map((one) => probe(() => one.constructor('return 7')()))`,
    expected: new Array(9).fill('EvalError'),
  },
  {
    name: 'the parents of the stand-ins for the constructors are stand-ins too',
    code: `const seen = new Set();
      for (let one = (async function* () {}).constructor; one; one = Object.getPrototypeOf(one)) seen.add(one);
      return [...seen].filter((one) => typeof one === 'function').map((one) => probe(() => one("return 7")))`,
    expected: ['EvalError', 'EvalError', 'undefined'],
  },
  {
    name: 'eval is not there, neither direct nor indirect',
    code: `return [probe(() => eval('7')), probe(() => (0, eval)('7')), probe(() => globalThis.eval('7'))]`,
    expected: ['ReferenceError', 'ReferenceError', 'TypeError'],
  },
  {
    name: 'prototypes cannot be polluted',
    code: `const targets = [Object.prototype, Array.prototype, Function.prototype, Promise.prototype, String.prototype,
        Error.prototype, RegExp.prototype, Map.prototype, Object, Array, JSON, Reflect, Math, Promise,
        Object.getPrototypeOf([][Symbol.iterator]()), Object.getPrototypeOf(async function* () {}).prototype];
      return targets.map((one) => [probe(() => { one.polluted = 1; }), probe(() => { 'use strict'; Object.defineProperty(one, 'x', { value: 1 }); }),
        probe(() => Object.setPrototypeOf(one, { evil: 1 }) && 'set')].join()).filter((one) => one !== 'TypeError,TypeError,TypeError')`,
    expected: [],
  },
  {
    name: '__proto__ of a literal, of JSON and by assignment changes one object only',
    code: `const a = JSON.parse('{"__proto__":{"x":1}}'); const b = {}; b.__proto__ = { y: 1 };
      return [a.x === undefined, Object.keys(a), ({}).y === undefined, probe(() => { ({}).__proto__.z = 1; })]`,
    expected: [true, ['__proto__'], true, 'TypeError'],
  },
  {
    name: 'built-in functions cannot be replaced under the host code',
    code: `return [
        () => { JSON.stringify = () => 'x'; }, () => { JSON.parse = () => 'x'; }, () => { Reflect.apply = () => 'x'; },
        () => { Array.prototype.push = () => 'x'; }, () => { Array.prototype.join = () => 'x'; },
        () => { Map.prototype.get = () => 'x'; }, () => { Promise.prototype.then = () => 'x'; },
        () => { String.prototype.slice = () => 'x'; }, () => { Function.prototype.call = () => 'x'; },
        () => { Function.prototype.bind = () => 'x'; }, () => { Object.defineProperty = () => 'x'; },
        () => { globalThis.Promise = class {}; }, () => { globalThis.JSON = {}; }, () => { globalThis.Map = class {}; },
        () => { delete globalThis.Promise; }, () => { Error.prepareStackTrace = () => 'x'; },
        () => { RegExp.prototype.exec = () => 'x'; }, () => { Array.prototype[Symbol.iterator] = () => 'x'; },
      ].map(probe).filter((one) => one !== 'TypeError')`,
    expected: [],
  },
  {
    name: 'setters on array indices of prototypes do not capture records',
    code: `return [probe(() => { Object.defineProperty(Array.prototype, '0', { set() {} }); }),
      probe(() => { Object.defineProperty(Object.prototype, 'then', { get() {} }); }),
      probe(() => { Object.defineProperty(Object.prototype, 'value', { get() {} }); })]`,
    expected: ['TypeError', 'TypeError', 'TypeError'],
  },
  {
    name: 'species and hooks by symbols act inside only',
    code: `class Evil extends Array { static get [Symbol.species]() { return function () { return globalThis; }; } }
      return [probe(() => Evil.from([1]).map(String) === globalThis), probe(() => { Array[Symbol.species] = 1; }),
        probe(() => { Object.defineProperty(Function.prototype, Symbol.hasInstance, { value: () => true }); })]`,
    expected: ['true', 'TypeError', 'TypeError'],
  },
  {
    name: 'call sites are not to be had',
    code: `const made = []; let thrown;
      try { Error.prepareStackTrace = (_, sites) => sites; } catch (error) { thrown = error.name; }
      const holder = {}; Error.captureStackTrace(holder);
      return [thrown, typeof holder.stack, typeof new Error('x').stack]`,
    expected: ['TypeError', 'string', 'string'],
  },
  {
    name: 'an error with a symbol as its name has no stack of the host',
    code: `const error = new Error(); error.name = Symbol();
      try { error.stack; String(error); } catch (inner) { return [inner instanceof TypeError, probe(() => inner.constructor.constructor('return process')())]; }`,
    expected: [true, 'EvalError'],
  },
  {
    name: 'overflow of the stack gives an error of this realm',
    code: `const dig = () => dig(); try { dig(); } catch (error) { return [error instanceof RangeError, probe(() => error.constructor.constructor.constructor('return process')())]; }`,
    expected: [true, 'EvalError'],
  },
  {
    name: 'an overflow in the middle of the host code gives an error of this realm',
    code: `let caught; const dig = () => { try { context.log.info('x'); dig(); } catch (error) { caught ??= error; throw error; } };
      try { dig(); } catch {} return caught instanceof RangeError`,
    expected: true,
  },
  {
    name: 'callers are not to be had',
    code: `return [probe(() => arguments.callee), probe(() => (function () { return arguments.callee.caller; })()), probe(() => (function f() { return f.caller; })())]`,
    expected: ['TypeError', 'TypeError', 'TypeError'],
  },
  {
    name: 'WebAssembly, shared memory, weak references and their like are not there',
    code: `return ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'WeakRef', 'FinalizationRegistry', 'ShadowRealm', 'eval',
      'process', 'require', 'module', 'global', 'Buffer', 'fetch', 'setInterval', 'setImmediate', 'queueMicrotask', 'structuredClone',
      'performance', 'setTimeout', 'importScripts', 'Worker', 'MessageChannel', 'BroadcastChannel', '$0', 'ivm', 'gc', '__filename',
    ].filter((name) => name in globalThis)`,
    expected: [],
  },
  {
    name: 'dynamic import finds nothing',
    code: `return Promise.all(['node:fs', 'fs', './x.js', 'file:///etc/passwd', 'data:text/javascript,export default 1', 'isolated-vm']
      .map((one) => import(one).then(() => 'imported', (error) => error.message)))`,
    expected: new Array(6).fill('Not supported'),
  },
  {
    name: 'import.meta is empty',
    code: 'return [Reflect.ownKeys(import.meta), Object.getPrototypeOf(import.meta)]',
    expected: [[], null],
  },
  {
    name: 'a disposed stack suppresses no error of the host',
    code: `const stack = new DisposableStack(); stack.defer(() => { throw 1; }); stack.defer(() => { throw 2; });
      try { stack.dispose(); } catch (error) { return [error.constructor === SuppressedError, probe(() => error.constructor.constructor('return 1')())]; }`,
    expected: [true, 'EvalError'],
  },
  {
    name: 'Array.fromAsync and a null prepareStackTrace lead nowhere',
    code: `const evil = { then: 1, [Symbol.asyncIterator]: null, length: 1, 0: Promise.reject(1) };
      return Array.fromAsync(evil).catch((error) => [error, probe(() => { Error.prepareStackTrace = undefined; })])`,
    expected: [1, 'TypeError'],
  },
  {
    name: 'proxies see no argument of the host',
    code: `const seen = []; const proxy = new Proxy(function () {}, new Proxy({}, { get: (_, trap) => (...args) => { seen.push(trap); return Reflect[trap](...args); } }));
      await context.db.read.query(proxy, [proxy]).catch(() => {}); context.log.info(proxy); String(seen);
      return seen.every((trap) => typeof trap === 'string')`,
    expected: true,
  },
  {
    name: 'a capability call takes values only as JSON',
    code: `const odd = { get a() { return 1; }, f() {}, s: Symbol('x'), u: undefined, d: new Date(0), n: NaN, toJSON: undefined };
      return (await context.db.read.query(odd, [new Map([[1, 2]]), JSON.parse('{"__proto__":1}')])).args`,
    expected: [{ a: 1, d: '1970-01-01T00:00:00.000Z', n: null }, [{}, JSON.parse('{"__proto__":1}')]],
  },
  {
    name: 'a circle, a bigint and a deep value are refused before they leave',
    code: `const circle = {}; circle.circle = circle; let deep = []; for (let i = 0; i < 200; i += 1) deep = [deep];
      const names = []; for (const one of [circle, 1n, deep]) await context.db.read.query(one).catch((error) => names.push(error.code ?? error.name));
      return names`,
    expected: ['TypeError', 'TypeError', 'MF664'],
  },
  {
    name: 'an argument that empties the list in its toJSON breaks nothing',
    code: `const list = [1, 2, 3]; list[1] = { toJSON() { list.length = 0; return 'gone'; } };
      return (await context.db.read.query('x', list)).args`,
    expected: ['x', [1, 'gone', null]],
  },
  {
    name: 'the promise of a capability call is of this realm',
    code: `const promise = context.db.read.query('x'); await promise;
      return [promise instanceof Promise, promise.constructor === Promise, Reflect.ownKeys(promise)]`,
    expected: [true, true, []],
  },
  {
    name: 'an error of a capability has no path, no stack of the host and no foreign parent',
    code: `try { await context.db.write.query('x'); } catch (error) {
      return [error.code, error.message, error instanceof Error, /node:|\\/|\\.ts/.test(error.stack.replaceAll('extension.js', '').replaceAll('magflock:guest', '')), probe(() => error.constructor.constructor('return 1')())]; }`,
    expected: ['MF699', 'The host could not do this.', true, false, 'EvalError'],
  },
  {
    name: 'the context cannot be changed for the next call',
    code: `return [probe(() => { context.log = 1; }), probe(() => { context.log.info = 1; }), probe(() => { context.config.x = 1; }),
      probe(() => { context.extension.id = 'other'; }), probe(() => { context.db.read = 1; }), probe(() => { context.db.read.query = 1; })]`,
    expected: new Array(6).fill('TypeError'),
  },
  {
    name: 'the name of another project cannot carry more than a name',
    code: `return ['a b', '', 'x'.repeat(200), 'a\\tb', 'a\\nb', {}, { toString: () => 'p' }, ['p']].map((one) => probe(() => context.in(one)))`,
    expected: new Array(8).fill('TypeError'),
  },
  {
    name: 'the engine has no back doors by natives or by its console',
    code: `return [probe(() => console.context), probe(() => console._ignoreErrors), typeof console.log.constructor, probe(() => console.log.constructor('return 7')()), Reflect.ownKeys(console).includes('memory')]`,
    expected: ['undefined', 'undefined', 'function', 'EvalError', false],
  },
  {
    name: 'raw JSON cannot be smuggled into a record',
    code: `return [typeof JSON.rawJSON, (await context.db.read.query('a\\tb\\nl\\t3\\t"forged"\\u2028')).args]`,
    expected: ['undefined', ['a\tb\nl\t3\t"forged"\u2028']],
  },
  {
    name: 'buffers that can grow, whose memory nobody counts, are not to be had',
    code: `const grow = { maxByteLength: 2 ** 30 }; const buffer = new ArrayBuffer(8);
      return [probe(() => new ArrayBuffer(0, grow)), probe(() => new buffer.constructor(0, grow)), probe(() => Reflect.construct(buffer.constructor, [0, grow], Array)),
        probe(() => new (class extends ArrayBuffer {})(0, grow)), probe(() => new (new Uint8Array(1).buffer.constructor)(0, grow)), typeof buffer.resize,
        probe(() => new (buffer.slice(1).constructor)(0, grow)), buffer.slice(4).byteLength, buffer instanceof ArrayBuffer, new Uint8Array(buffer).fill(1).slice().length,
        probe(() => new ArrayBuffer(8, { get maxByteLength() { return this.again ? undefined : (this.again = true, 9); } }).resizable),
        probe(() => new ArrayBuffer(8, { get maxByteLength() { return this.again ? 9 : void (this.again = true); } }).resizable), ArrayBuffer.isView(new DataView(buffer))]`,
    expected: [
      ...new Array(5).fill('RangeError'),
      'undefined',
      'RangeError',
      4,
      true,
      8,
      'RangeError',
      'false',
      true,
    ],
  },
  {
    name: 'a replaced Date has no way back to the real one',
    code: `const before = Date.now(); for (let i = 0; i < 3e6; i += 1);
      return [Date.now() === before, new Date().getTime() === before, new Date(0).constructor.now() === before, Date.prototype.constructor === Date,
        new (class extends Date {})().getTime() === before, Reflect.construct(Date, [], Object).getTime === undefined,
        new Intl.DateTimeFormat('en', { fractionalSecondDigits: 3 }).format() === new Intl.DateTimeFormat('en', { fractionalSecondDigits: 3 }).format(before),
        before % 100]`,
    expected: [true, true, true, true, true, true, true, 0],
  },
  {
    name: 'symbols that the host asks objects for are not asked for here',
    code: `let asked = 0; const trap = () => { asked += 1; return 'x'; };
      const bait = { [Symbol.for('nodejs.util.inspect.custom')]: trap, [Symbol.for('nodejs.util.promisify.custom')]: trap, [Symbol.toPrimitive]: trap };
      context.log.info(bait, { bait }); await context.db.read.query('x', [bait]);
      return [asked, Object.getOwnPropertySymbols(context).length, Object.getOwnPropertySymbols(globalThis).map(String)]`,
    expected: [0, 0, []],
  },
  {
    name: 'a proxy in the log or in an answer gives neither its handler nor a stranger to it',
    code: `const seen = []; const note = (name) => (...args) => { seen.push(args.filter((one) => typeof one === 'function' && !(one instanceof Function)).length); return Reflect[name](...args); };
      const proxy = new Proxy({ a: 1 }, Object.fromEntries(['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf'].map((name) => [name, note(name)])));
      console.log(proxy, [proxy]); context.log.error(proxy); await context.db.read.query('x', [proxy]);
      return [seen.every((count) => count === 0), seen.length > 0]`,
    expected: [true, true],
  },
  {
    name: 'built-in functions do not serve as a way to the host',
    code: `return [typeof Buffer, probe(() => Reflect.construct(Array, [], context.log.info)), probe(() => Reflect.apply(context.log.info.constructor, null, ['return 1'])),
        probe(() => Function.prototype.call.call(context.log.info.constructor, null, 'return 1')), probe(() => Array.from.call(context.in, [1])),
        probe(() => Object.create(context).files === undefined)]`,
    expected: ['undefined', 'TypeError', 'EvalError', 'EvalError', '1', 'TypeError'],
  },
  {
    name: 'names of the host code in here, and of what starts it, are no names of the guest',
    code: `return ['settings', 'clock', 'collect', 'gc', '$0', '$1', 'dispatcher', 'outlet', 'outbox', 'parts', 'ivm', 'process', 'require', 'module', 'exports',
        '__dirname', 'global', 'internalBinding', 'primordials', 'VM2_INTERNAL_STATE_DO_NOT_USE_OR_PROGRAM_WILL_FAIL'].filter((name) => name in globalThis || globalThis[name] !== undefined)
        .concat(Reflect.ownKeys(globalThis).filter((key) => typeof key === 'string' && /vm2|internal|host|magflock/i.test(key)))`,
    expected: [],
  },
  {
    name: 'a trap for names behind the global object is asked nothing by the host code',
    code: `let asked = 0; const trap = new Proxy({}, { has() { asked += 1; return false; }, get() { asked += 1; } });
      const before = Object.getPrototypeOf(globalThis); Object.setPrototypeOf(globalThis, trap);
      context.log.info('x'); const { what } = await context.db.read.query('x'); const failed = await context.db.write.query('x').catch(({ code }) => code);
      Object.setPrototypeOf(globalThis, before);
      return [asked, what, failed, probe(() => Object.setPrototypeOf(context, trap)), probe(() => Object.setPrototypeOf(Object.getPrototypeOf(context), trap)), 'evil' in context]`,
    expected: [0, 'db.read.query', 'MF699', 'TypeError', 'TypeError', false],
  },
  {
    name: 'what is thrown without a prototype, or as a proxy, stays of this realm',
    code: `const thrown = [Object.create(null), new Proxy({}, {}), () => {}, Object.freeze({ then: 1 })];
      const back = [];
      for (const one of thrown) { try { await (async () => { throw one; })(); } catch (error) { back.push(error === one); } }
      return [back, await context.db.write.query('x').catch((error) => [error instanceof Error, Object.getPrototypeOf(Object.getPrototypeOf(error)) === Error.prototype])]`,
    expected: [
      [true, true, true, true],
      [true, true],
    ],
  },
  {
    name: 'no other realm can be made, nested or not',
    code: `return [typeof ShadowRealm, probe(() => new ShadowRealm()), typeof Worker, typeof importScripts, probe(() => structuredClone({}))]`,
    expected: ['undefined', 'ReferenceError', 'undefined', 'undefined', 'ReferenceError'],
  },
];

describe('escapes from an isolate', () => {
  let guest: LoadedTestGuest;
  let neighbour: LoadedTestGuest;

  before(async () => {
    const bodies = rows.map(({ code }) => `async function (context, probe) { 'use strict'; ${code} }`);
    guest = await loadGuest(
      `const probe = (f) => { try { return String(f()); } catch (error) { return error.name; } };
      const rows = [${bodies.join(',\n')}];
      export default { onRequest: ({ row }, context) => rows[row].call(undefined, context, probe) };`,
      {
        capabilities: ['db.read', 'db.write'],
        logLinesPerSecond: 1,
        answer: (what, args) => {
          if (what === 'db.write.query') throw new Error('ENOENT: /etc/passwd at node:fs');
          return { what, args };
        },
      },
    );
    neighbour = await loadGuest(
      `globalThis.secret = 'mine'; export default { onRequest: () => [globalThis.secret, typeof globalThis.pwned] }`,
    );
    process.env['MAGFLOCK_CANARY'] = 'sings';
  });

  after(async () => {
    delete process.env['MAGFLOCK_CANARY'];
    await guest[Symbol.asyncDispose]();
    await neighbour[Symbol.asyncDispose]();
  });

  for (const [row, { name, expected }] of rows.entries()) {
    it(name, async () => {
      assert.deepEqual(await guest.value('request', { row }), expected);
    });
  }

  it('nothing of the host or of a neighbour was touched', async () => {
    assert.equal('pwned' in globalThis, false);
    assert.equal(process.env['MAGFLOCK_CANARY'], 'sings');
    assert.deepEqual(Object.keys(Object.prototype), []);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    assert.deepEqual(await neighbour.value('request'), ['mine', 'undefined']);
    assert.deepEqual(guest.ends, []);
  });

  it('an exception of WebAssembly, where that is granted, carries nothing of the host', async () => {
    await using granted = await loadGuest(
      `export default { onRequest() {
        const tag = WebAssembly.JSTag;
        return [tag === undefined || tag instanceof WebAssembly.Tag, (() => { try { return WebAssembly.Module.constructor('return 1')(); } catch (error) { return error.name; } })()];
      } }`,
      { features: ['WebAssembly'] },
    );
    assert.deepEqual(await granted.value('request'), [true, 'EvalError']);
  });

  it('a call from within a system call waits for its turn', async () => {
    let inner: Promise<unknown> = Promise.resolve();
    await using again: LoadedTestGuest = await loadGuest(
      `let inside = 0; export default {
        async onRequest(_, context) { inside += 1; const got = await context.cache.get('x'); inside -= 1; return [got, inside]; },
        onHealth: () => inside,
      }`,
      {
        capabilities: ['cache'],
        answer: () => {
          inner = again.value('health');
          return inner;
        },
      },
    );
    assert.deepEqual(await again.value('request'), [1, 0]);
    assert.equal(await inner, 1);
  });

  it('an isolate that is disposed of during a run answers its calls, and is gone then', async () => {
    const looping = await loadGuest(`export default { onRequest() { for (;;); }, onHealth: () => 1 }`);
    const calls = [looping.call('request'), looping.call('health')];
    await new Promise((resolve) => setTimeout(resolve, 20));
    await looping.isolate.dispose();
    for (const { ok, payload } of await Promise.all(calls)) {
      assert.equal(ok, false);
      assert.match(payload, /MF601/);
    }
    await looping.isolate.dispose();
    await assert.rejects(looping.isolate.ping());
    assert.equal((await looping.call('health')).ok, false);
  });

  it('a number of ten million digits, and brackets as deep, do not bring the parser down', async () => {
    const digits = await loadGuest(`export default { onRequest: () => 1 }; ${'1'.repeat(7e6)}`);
    assert.equal(await digits.value('request'), 1);
    await digits.isolate.dispose();
    await assert.rejects(loadGuest(`export default ${'['.repeat(4e6)}`), { code: 'MF660' });
    await assert.rejects(loadGuest('1'.repeat(1e7)), { code: 'MF660' });
  });
});
