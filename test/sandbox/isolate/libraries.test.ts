import assert from 'node:assert/strict';
import { loadGuest } from './load-guest.ts';

/** What ordinary libraries and compilers write, and must go on working although the language is frozen. */
const rows: readonly { readonly name: string; readonly code: string; readonly expected: unknown }[] = [
  {
    name: 'old-style inheritance with a toString, a name and a constructor of its own',
    code: `function Animal(name) { this.name = name; } Animal.prototype.toString = function () { return 'I am ' + this.name; };
      function Dog() { Animal.call(this, 'Rex'); } Dog.prototype = Object.create(Animal.prototype); Dog.prototype.constructor = Dog;
      Dog.prototype.valueOf = function () { return 3; }; const dog = new Dog(); return [String(new Animal('a')), dog + 1, dog.constructor === Dog]`,
    expected: ['I am a', 4, true],
  },
  {
    name: 'error classes that set name and message',
    code: `class A extends Error { constructor(m) { super(m); this.name = 'A'; this.message = m + '!'; this.stack = 'own'; } }
      function B(m) { this.message = m; this.name = 'B'; Error.captureStackTrace && Error.captureStackTrace(this, B); } B.prototype = Object.create(Error.prototype); B.prototype.name = 'B'; B.prototype.constructor = B;
      const e = new TypeError('x'); e.name = 'C'; e.message = 'y'; e.toString = () => 'z';
      return [String(new A('m')), new A('m').stack, String(new B('n')), new B('n') instanceof Error, String(e)]`,
    expected: ['A: m!', 'own', 'B: n', true, 'z'],
  },
  {
    name: 'objects with keys that the prototype has too',
    code: `const o = {}; o.toString = 1; o.constructor = 2; o.hasOwnProperty = 3; o.valueOf = 4; const n = Object.create(null); n.toString = 5;
      const p = { a: 1 }; p['__proto__x'] = 1; const q = []; q.toString = () => 'q'; const f = () => 1; f.toString = () => 'f'; f.call = 6;
      return [Object.keys(o), n.toString, String(q), String(f), f.call]`,
    expected: [['toString', 'constructor', 'hasOwnProperty', 'valueOf'], 5, 'q', 'f', 6],
  },
  {
    name: 'generators as compilers write them',
    code: `const g = Object.create((typeof Iterator === 'function' ? Iterator : Object).prototype);
      g.next = () => ({ done: true }); g['throw'] = 1; g['return'] = 2; g[Symbol.iterator] = function () { return this; }; return [...g]`,
    expected: [],
  },
  {
    name: 'the global object by all its names, and a name of its own there',
    code: `const world = typeof globalThis !== 'undefined' ? globalThis : Function('return this')(); world.myLibrary = { version: 1 };
      return [myLibrary.version, typeof window, typeof self, typeof process, typeof require]`,
    expected: [1, 'undefined', 'undefined', 'undefined', 'undefined'],
  },
  {
    name: 'stackTraceLimit set and restored around something',
    code: `const before = Error.stackTraceLimit; Error.stackTraceLimit = 0; const stack = new Error('x').stack; Error.stackTraceLimit = before; return [stack, Error.stackTraceLimit === before]`,
    expected: ['Error: x', true],
  },
  {
    name: 'an event emitter, a least-recently-used cache and a deep clone',
    code: `class Emitter { #on = new Map(); on(n, f) { (this.#on.get(n) ?? this.#on.set(n, []).get(n)).push(f); } emit(n, ...a) { for (const f of this.#on.get(n) ?? []) f(...a); } }
      class Cache extends Map { constructor(max) { super(); this.max = max; } set(k, v) { super.delete(k); super.set(k, v); if (this.size > this.max) this.delete(this.keys().next().value); return this; } }
      const clone = (v) => Array.isArray(v) ? v.map(clone) : v && typeof v === 'object' ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, clone(x)])) : v;
      const got = []; const e = new Emitter(); e.on('a', (x) => got.push(x)); e.emit('a', 1); const c = new Cache(2); c.set(1, 1).set(2, 2).set(3, 3);
      return [got, [...c.keys()], clone({ a: [{ b: 1 }] })]`,
    expected: [[1], [2, 3], { a: [{ b: 1 }] }],
  },
  {
    name: 'feature tests and polyfills that find everything there',
    code: `if (!Array.prototype.at) Array.prototype.at = () => {}; if (!Object.hasOwn) Object.hasOwn = () => {}; if (!String.prototype.replaceAll) String.prototype.replaceAll = () => {};
      return [[1].at(-1), Object.hasOwn({ a: 1 }, 'a'), 'aa'.replaceAll('a', 'b'), [3, 1].toSorted(), Object.groupBy([1, 2], (x) => x % 2 ? 'odd' : 'even')]`,
    expected: [1, true, 'bb', [1, 3], { odd: [1], even: [2] }],
  },
  {
    name: 'classes with mixins, symbols, accessors and private members',
    code: `const Serial = (B) => class extends B { toJSON() { return { ...this, kind: this.constructor.name }; } get [Symbol.toStringTag]() { return 'S'; } };
      class Point extends Serial(Object) { x = 1; static #made = 0; static make() { Point.#made += 1; return new Point(); } static get made() { return Point.#made; } }
      return [JSON.stringify(Point.make()), Point.made, String(new Point())]`,
    expected: ['{"x":1,"kind":"Point"}', 1, '[object S]'],
  },
  {
    name: 'promises with subclasses, races, and methods added to one',
    code: `class Task extends Promise { cancel() { return 'cancelled'; } } const task = Task.resolve(1); task.extra = 2;
      const settled = await Promise.allSettled([task.then((x) => x + 1), Promise.reject(new Error('e')), Promise.any([Promise.resolve(4)])]);
      return [task.cancel(), task.extra, settled.map((s) => s.value ?? s.reason.message)]`,
    expected: ['cancelled', 2, [2, 'e', 4]],
  },
  {
    name: 'dates, numbers and text by locale',
    code: `return [new Date(0).toISOString(), new Intl.NumberFormat('en-US').format(1234.5), new Intl.DateTimeFormat('en-US', { timeZone: 'UTC' }).format(new Date(0)),
      new Date(2020, 0, 1) instanceof Date, Date.UTC(1970, 0, 1), typeof Date(), new Intl.DateTimeFormat('en', { timeZone: 'UTC' }).formatToParts(0).length, 'é'.localeCompare('e') > 0]`,
    expected: ['1970-01-01T00:00:00.000Z', '1,234.5', '1/1/1970', true, 0, 'string', 5, true],
  },
  {
    name: 'instanceof Function and the text of functions',
    code: `return [(() => 1) instanceof Function, (async () => 1) instanceof Function, Function.prototype.toString.call(function a() {}), typeof Function]`,
    expected: [true, true, 'function a() {}', 'function'],
  },
];

describe('honest code under a frozen language', () => {
  for (const trust of ['unsigned', 'core'] as const) {
    for (const { name, code, expected } of rows) {
      it(`${name}, ${trust}`, async () => {
        await using guest = await loadGuest(`export default { async onRequest() { ${code} } }`, { trust });
        assert.deepEqual(await guest.value('request'), expected);
      });
    }
  }

  it('the clock of signed code runs', async () => {
    await using guest = await loadGuest(
      `export default { onRequest() { const a = Date.now(); while (Date.now() - a < 5); return new Date() - a >= 5; } }`,
      { trust: 'signed' },
    );
    assert.equal(await guest.value('request'), true);
  });
});
