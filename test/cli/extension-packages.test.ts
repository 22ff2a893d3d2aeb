import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { runMagflock } from './run-magflock.ts';

describe('magflock ext, for authors', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  function writeExtension(code: string): void {
    mkdirSync(join(folder(), 'hello'));
    writeFileSync(
      join(folder(), 'hello/magflock.extension.yaml'),
      `id: acme.hello
name: hello
version: 1.0.0
description: Says hello.
requiredComponents: []
permissions: [{ capability: http.route, scope: ['*'], reason: It answers. }]
routes: [{ method: GET, path: /hello }]
`,
    );
    writeFileSync(join(folder(), 'hello/index.ts'), code);
  }

  async function json(args: readonly string[], code = 0): Promise<Record<string, unknown>> {
    const run = await runMagflock([...args, '--json'], { cwd: folder() });
    assert.equal(run.code, code, run.stderr);
    return JSON.parse(code === 2 ? run.stderr : run.stdout) as Record<string, unknown>;
  }

  it('goes from sources to a signed package, and to one of the next key', async () => {
    writeExtension('export default { onRequest: (): object => ({ body: 1 }) };\n');
    const packed = await json(['ext', 'pack', 'hello']);
    const file = join(folder(), 'hello-1.0.0.magx');
    assert.equal(packed['file'], file);
    const old = await json(['ext', 'keygen', 'acme']);
    assert.equal(statSync(join(folder(), 'acme.key.pem')).mode & 0o777, 0o600);
    assert.deepEqual((await json(['ext', 'verify', file], 4))['signature'], 'unsigned');
    await json(['ext', 'sign', file, '--key', 'acme.key.pem']);
    const trust = ['--trust', String(old['key'])];
    const signed = await json(['ext', 'verify', file, ...trust]);
    assert.deepEqual([signed['signature'], signed['fingerprint']], ['signed', old['fingerprint']]);
    assert.equal(signed['digest'], packed['digest']);

    const next = await json(['ext', 'keygen', 'acme', '--out', 'next.pem']);
    const rotate = ['ext', 'rotate-key', 'acme', '--key', 'acme.key.pem', '--new-key', String(next['key'])];
    assert.equal((await json(rotate))['newFingerprint'], next['fingerprint']);
    await json(['ext', 'sign', file, '--key', 'next.pem']);
    assert.deepEqual((await json(['ext', 'verify', file, ...trust], 4))['signature'], 'modified');
    await json(['ext', 'sign', file, '--key', 'next.pem', '--rotation', 'magflock.rotation.json']);
    assert.deepEqual((await json(['ext', 'verify', file, ...trust]))['rotated'], 1);
    assert.ok(!existsSync(join(folder(), '.magflock')), 'a data folder was made');
  });

  it('lint tells what an operator would see', async () => {
    writeExtension('export default { onRequest: (i, c) => c.net.fetch(eval("x")) };\n');
    const { findings } = (await json(['ext', 'lint', 'hello'], 4)) as {
      findings: { rule: string; line: number }[];
    };
    assert.deepEqual(findings.map(({ rule }) => rule).sort(), ['code-from-text', 'undeclared-capability']);
    const run = await runMagflock(['ext', 'lint', 'hello'], { cwd: folder() });
    assert.match(run.stdout, /danger +code-from-text +extension\.js:2 +makes code of a text with eval/);
  });

  const faulty: readonly (readonly [args: readonly string[], code: string])[] = [
    [['pack', '.'], 'MF620'],
    [['lint', 'nowhere'], 'MF620'],
    [['sign', 'x.magx'], 'MF802'],
    [['sign', 'x.magx', '--key', 'k.pem'], 'MF666'],
    [['verify', 'x.magx'], 'MF666'],
    [['keygen', 'magflock'], 'MF667'],
    [['keygen', '../x'], 'MF667'],
    [['rotate-key', 'acme'], 'MF802'],
    [['revoke', 'SHA256:zz'], 'MF802'],
    [['rotate-key', 'acme', '--key', 'k.pem', '--new-key', 'x'], 'MF667'],
  ];
  it('ends with 2 and a code when something is wrong', async () => {
    for (const [args, code] of faulty) {
      const { error } = (await json(['ext', ...args], 2)) as { error: { code: string; fix?: string } };
      assert.equal(error.code, code, args.join(' '));
    }
  });

  it('a package that cannot be written, or is not there, is a mistake of the caller', async () => {
    writeExtension('export default { onRequest: (): object => ({ body: 1 }) };\n');
    const error = async (args: readonly string[]) =>
      (await json(['ext', ...args], 2))['error'] as { code: string; fix?: string };
    const unwritten = await error(['pack', 'hello', '--out', 'no/where/x.magx']);
    assert.deepEqual([unwritten.code, /folder exists/.test(unwritten.fix ?? '')], ['MF805', true]);
    assert.equal((await error(['verify', 'hello-1.magx'])).fix, 'check the path');
    assert.match((await error(['verify', 'hello'])).fix ?? '', /ext pack/);
  });

  it('an altered package is named', async () => {
    writeExtension('export default {};\n');
    await json(['ext', 'pack', 'hello', '--out', 'a.magx']);
    const bytes = readFileSync(join(folder(), 'a.magx'));
    bytes[20]! ^= 1;
    writeFileSync(join(folder(), 'a.magx'), bytes);
    assert.deepEqual(
      ((await json(['ext', 'verify', 'a.magx'], 2))['error'] as { code: string }).code,
      'MF666',
    );
  });
});
