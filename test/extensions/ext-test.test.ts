import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMagflock } from '../cli/run-magflock.ts';

const manifest = {
  id: 'acme.broken',
  name: 'broken',
  version: '1.0.0',
  description: 'For tests.',
  requiredComponents: [],
  permissions: [],
};
const extension = [
  "import { defineExtension } from '@magflock/sdk';",
  "import manifest from './magflock.extension.json' with { type: 'json' };",
  "export default defineExtension(manifest, { onHealth: () => ({ status: 'ok', summary: 'well' }) });",
  '',
].join('\n');
const imports = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testExtension } from '@magflock/sdk/testing';
`;
const test = `${imports}
test('is well', async () => {
  await using extension = await testExtension({ dir: import.meta.dirname });
  assert.equal((await extension.health()).status, 'ok');
});
`;

describe('ext test', function () {
  this.timeout(30_000);
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'magflock-ext-test-'));
    write({ 'magflock.extension.json': JSON.stringify(manifest), 'index.ts': extension });
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  };
  const run = (...args: readonly string[]) => runMagflock(['ext', 'test', ...args], { cwd: folder });

  it('runs the tests of the folder without anything installed', async () => {
    write({ 'index.test.ts': test });
    const { code, stdout, stderr } = await run();
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /is well/);
  });

  it('links the SDK for editors, where TypeScript is used and npm took it away', async () => {
    write({ 'index.test.ts': test, 'tsconfig.json': '{}' });
    const { code, stdout } = await run('--json');
    assert.equal(code, 0, stdout);
    const linked = join(folder, 'node_modules', '@magflock', 'sdk', 'package.json');
    assert.equal((JSON.parse(readFileSync(linked, 'utf8')) as { name: string }).name, '@magflock/sdk');
  });

  it('ends with 4 when a test fails, and names it', async () => {
    write({ 'index.test.ts': test.replace("'ok'", "'ill'"), 'more.test.ts': test });
    const { code, stdout } = await run('--json');
    assert.equal(code, 4);
    const { passed, failed, tests } = JSON.parse(stdout) as {
      passed: number;
      failed: number;
      tests: readonly { name: string; file: string; passed: boolean; error: string | null }[];
    };
    assert.deepEqual([passed, failed], [1, 1]);
    const bad = tests.find((one) => !one.passed);
    assert.deepEqual([bad?.name, bad?.file], ['is well', 'index.test.ts']);
    assert.match(bad?.error ?? '', /'ok'[\s\S]*'ill'/);
  });

  it('counts a test file that does not load as a failure', async () => {
    write({ 'index.test.ts': 'import "./missing.ts";' });
    const { code, stdout } = await run('--json');
    assert.equal(code, 4);
    assert.equal((JSON.parse(stdout) as { failed: number }).failed, 1);
  });

  const refused: [what: string, files: Readonly<Record<string, string>>, said: RegExp][] = [
    ['without tests', {}, /MF805.*there are no tests/s],
    [
      'what does not compile',
      { 'index.ts': 'export default {', 'index.test.ts': test },
      /MF660.*index\.ts:1/s,
    ],
    [
      'what needs Node',
      {
        'index.ts':
          "import { readFileSync } from 'node:fs';\nexport default { onStart: () => readFileSync('/') };",
        'index.test.ts': test,
      },
      /MF660.*index\.ts imports node:fs/s,
    ],
    ['a faulty manifest', { 'magflock.extension.json': '{"id": 7}', 'index.test.ts': test }, /MF620/],
  ];
  for (const [what, files, said] of refused) {
    it(`refuses ${what} with a sentence about it`, async () => {
      write(files);
      const { code, stderr } = await run();
      assert.equal(code, 2);
      assert.match(stderr, said);
    });
  }
});
