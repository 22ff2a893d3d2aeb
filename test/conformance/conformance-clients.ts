// `npm run conformance:clients -- --suite <folder> [--report <file.json>] [--baseline]`: the published tests of
// @supabase/postgrest-js against a real daemon. `--baseline` runs them against a server that answers 404 to
// everything. Exit code 1 below the share that is asked.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findSuite } from './clients/find-suite.ts';
import { startPrefixProxy } from './clients/prefix-proxy.ts';
import { runSuite, type SuiteRun } from './clients/run-suite.ts';
import { copySuite } from './clients/suite-copy.ts';
import { openSuiteProject } from './clients/suite-project.ts';

/** Tests that need no server: they pass against one that answers 404 to everything. */
const withoutServer = 81;
/** Of those that need one. */
const leastShare = 0.97;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      suite: { type: 'string' },
      report: { type: 'string' },
      baseline: { type: 'boolean', default: false },
    },
  });
  if (values.suite === undefined) {
    process.stderr.write('error: --suite <folder> is missing\n');
    return 2;
  }
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const run = await runAgainst(findSuite(resolve(from, values.suite)), values.baseline);
  if (values.report !== undefined) {
    writeFileSync(resolve(from, values.report), `${JSON.stringify(run, undefined, 1)}\n`);
  }
  const lines = run.tests
    .filter(({ ok }) => !ok)
    .map(({ file, name, message }) => `failed: ${file}: ${name}\n${indented(message)}`);
  if (values.baseline) {
    lines.push(`${run.passed}/${run.total} pass against a server that answers 404 to everything`);
    process.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  }
  const [passed, total] = [run.passed - withoutServer, run.total - withoutServer];
  const share = ((100 * passed) / total).toFixed(1);
  lines.push(
    `${run.passed}/${run.total} passed; of those that need a server ${passed}/${total} (${share} %)`,
  );
  process.stdout.write(`${lines.join('\n')}\n`);
  return passed >= total * leastShare ? 0 : 1;
}

async function runAgainst(suite: string, baseline: boolean): Promise<SuiteRun> {
  await using stack = new AsyncDisposableStack();
  let target: Parameters<typeof startPrefixProxy>[0];
  if (!baseline) {
    const tests = join(suite, 'test');
    const project = await openSuiteProject(tests);
    stack.defer(() => project.close());
    target = { url: project.url, prefix: project.prefix, apikey: project.publicKey };
  }
  const proxy = await startPrefixProxy(target);
  stack.defer(() => proxy.close());
  const copy = await copySuite(suite, proxy.url);
  stack.defer(() => copy.remove());
  return await runSuite(copy.folder);
}

function indented(message: string): string {
  const plain = message.replaceAll(/\x1b\[[\d;]*m/g, '').split('\n');
  const lines = plain.filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return lines
    .slice(0, 14)
    .map((line) => `    ${line}`)
    .join('\n');
}

process.exitCode = await main().catch((thrown: Error) => {
  process.stderr.write(`error: ${thrown.message}\n`);
  return 2;
});
