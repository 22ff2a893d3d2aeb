import assert from 'node:assert/strict';
import { loadGuest } from './load-guest.ts';

/** Walks over everything that can be reached from some values, by properties, prototypes and accessors. */
const walker = `
const walk = (...roots) => {
  const paths = new Map();
  const queue = [];
  const add = (value, path) => {
    if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
      if (!paths.has(value)) { paths.set(value, path); queue.push(value); }
    }
  };
  roots.forEach((root, at) => add(root, 'root' + at));
  for (const one of queue) {
    const path = paths.get(one);
    add(Object.getPrototypeOf(one), path + '.__proto__');
    for (const key of Reflect.ownKeys(one)) {
      const { value, get, set } = Object.getOwnPropertyDescriptor(one, key);
      const here = path + '.' + String(key);
      add(value, here); add(get, here + ' get'); add(set, here + ' set');
      if (typeof get === 'function') { let got; try { got = Reflect.apply(get, one, []); } catch (error) { got = error; } add(got, here + '()'); }
    }
  }
  return paths;
};`;

describe('what can be reached in an isolate', () => {
  it('ends, on each path, at the objects of the isolate itself', async () => {
    await using guest = await loadGuest(
      `${walker}
      export default {
        async onRequest(input, context) {
          const errors = [];
          try { null.x; } catch (error) { errors.push(error); }
          await context.db.write.query('x').catch((error) => errors.push(error));
          await import('./x.js').catch((error) => errors.push(error));
          const result = await context.db.read.query('x');
          const paths = walk(globalThis, input, context, context.in('other'), errors, result, context.db.read.query('y'), this, import.meta, arguments,
            function* () {}, async () => {}, async function* () {});
          const foreign = [];
          for (const [one, path] of paths) {
            let top = one;
            while (Object.getPrototypeOf(top) !== null) top = Object.getPrototypeOf(top);
            const known = top === Object.prototype || top === one || one instanceof Object;
            if (!known) foreign.push(path);
            if (/^(Reference|Dereference|ExternalCopy|Copy|Isolate|Context|Script|Module|Callback|InspectorSession|NativeModule|IsolatedVM)$/.test(String(one?.constructor?.name))) foreign.push(path);
            if (typeof one === 'function' && !path.startsWith('root7') && /isolated-vm|file:|node:/.test(Function.prototype.toString.call(one))) foreign.push(path);
          }
          return { count: paths.size > 800, foreign };
        },
      };`,
      {
        trust: 'signed',
        capabilities: ['db.read', 'db.write'],
        answer: (what) => {
          if (what === 'db.write.query') throw new Error('no');
          return { rows: [JSON.parse('{"then":1}')] };
        },
      },
    );
    assert.deepEqual(await guest.value('request', { a: [1] }), { count: true, foreign: [] });
  });

  for (const trust of ['unsigned', 'signed'] as const) {
    it(`is frozen, as far as the language made it, for ${trust} code`, async () => {
      await using guest = await loadGuest(
        `${walker}
        const loose = [];
        for (const [one, path] of walk(globalThis, function* () {}, async () => {}, async function* () {}, [][Symbol.iterator](), new Map().entries(), 'a'.matchAll(/a/g))) {
          if (one === globalThis || /^root[1-9]$|\\(\\)/.test(path) || /^root[1-9].prototype$/.test(path)) continue;
          if (one === Error) { if (Object.isExtensible(one)) loose.push(path); continue; }
          if (!Object.isFrozen(one)) loose.push(path);
        }
        export default { onRequest: () => loose };`,
        { trust },
      );
      assert.deepEqual(await guest.value('request'), []);
    });
  }

  it('keeps the global names of the language as they are', async () => {
    await using guest = await loadGuest(
      `const loose = Reflect.ownKeys(globalThis).filter((key) => {
        const { writable, configurable } = Object.getOwnPropertyDescriptor(globalThis, key);
        return writable || configurable;
      });
      globalThis.own = 1;
      export default { onRequest: () => [loose, globalThis.own] };`,
      { trust: 'core' },
    );
    assert.deepEqual(await guest.value('request'), [[], 1]);
  });

  it('has what was granted, by trust and by feature', async () => {
    const names = ['setTimeout', 'clearTimeout', 'WebAssembly', 'SharedArrayBuffer', 'Atomics'];
    const code = `export default { onRequest: (names) => names.filter((name) => name in globalThis) }`;
    const found = async (options: Parameters<typeof loadGuest>[1]): Promise<unknown> => {
      await using guest = await loadGuest(code, options);
      return await guest.value('request', names);
    };
    assert.deepEqual(await found({ trust: 'unsigned' }), []);
    assert.deepEqual(await found({ trust: 'signed' }), ['setTimeout', 'clearTimeout']);
    assert.deepEqual(await found({ trust: 'core', features: ['WebAssembly', 'SharedArrayBuffer'] }), names);
  });

  it('makes objects of Intl that work, and only so many different ones', async () => {
    await using guest = await loadGuest(
      `export default { onRequest() {
        const one = new Intl.NumberFormat('de', { minimumFractionDigits: 1 });
        class Own extends Intl.Collator { more() { return 'more'; } }
        const own = [new Own('en').more(), new Intl.PluralRules(new Intl.Locale('en')).select(1)];
        let made = 0;
        let error;
        try { for (;;) { new Intl.DateTimeFormat('en', { timeZone: 'UTC', x: made }); made += 1; } } catch (thrown) { error = thrown.name; }
        for (let n = 0; n < 1e4; n += 1) new Intl.NumberFormat('de', { minimumFractionDigits: 1 });
        return [
          one.format(1.5), one === Intl.NumberFormat('de', { minimumFractionDigits: 1 }), one instanceof Intl.NumberFormat,
          one.constructor === Intl.NumberFormat, ...own,
          Intl.Collator.supportedLocalesOf('en'), typeof Intl.Segmenter, error, made < 256, (1234.5).toLocaleString('de'),
        ];
      } }`,
    );
    assert.deepEqual(await guest.value('request'), [
      ...['1,5', true, true, true, 'more', 'one', ['en'], 'undefined', 'RangeError', true, '1.234,5'],
    ]);
  });

  it('asks the host also for what was not granted, on behalf of the call and its project', async () => {
    const code = `export default { async onRequest(_, context) {
      const said = [];
      for (const ask of [
        () => context.files.read('a'), () => context.in('b').db.write.query('c'), () => context.cache.get('d'),
        () => Object.create(context).net.fetch('e'),
      ]) said.push(await Promise.resolve().then(ask).catch((error) => error.code ?? error.name));
      return [said, context.has('cache'), context.has('files'), context.has('__proto__'), context.has(), Object.keys(context).at(-1)];
    } }`;
    await using guest = await loadGuest(code, {
      capabilities: ['cache'],
      answer: (what) => {
        if (what.startsWith('cache')) return 'fine';
        throw Object.assign(new Error('not granted'), { code: 'MF610' });
      },
    });
    assert.deepEqual(await guest.value('request'), [
      ['MF610', 'MF610', 'fine', 'TypeError'],
      true,
      false,
      false,
      false,
      'cache',
    ]);
    assert.deepEqual(
      guest.syscalls.map(({ what }) => what),
      ['files.read', 'db.write.query@b', 'cache.get'],
    );
    assert.ok(guest.syscalls.every(({ callId }) => callId !== null));
  });

  it('has only the granted capabilities in the context', async () => {
    const code = `export default { onRequest: (_, context) => Object.keys(context).concat(Object.keys(context.db ?? {}), context.db?.schema ?? []) }`;
    const base = ['extension', 'config', 'project', 'requestId', 'log', 'now', 'random', 'has', 'in'];
    await using none = await loadGuest(code);
    assert.deepEqual(await none.value('request'), base);
    await using some = await loadGuest(code, {
      id: 'acme/soft-delete',
      capabilities: ['db.write', 'db.schema', 'files', 'unknown'],
    });
    assert.deepEqual(await some.value('request'), [
      ...base,
      'db',
      'files',
      'write',
      'own',
      'schema',
      'ext_soft_delete',
    ]);
  });
});
