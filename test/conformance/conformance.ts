// `npm run conformance -- --cases <file> [--fixtures <folder>] [--report <file.json>] [--grep <text>] [--json]`:
// the cases of a file against a real daemon. Exit code 1 when a case fails that is not listed as known.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ConformanceCase } from './conformance-case.ts';
import { openConformanceProject } from './conformance-project.ts';
import { caseKey, readKnownFailures } from './known-failures.ts';
import { type CasesRun, runCases } from './run-cases.ts';

const defaultFixtures = fileURLToPath(new URL('../../../shared/data/postgrest/fixtures', import.meta.url));

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string' },
      fixtures: { type: 'string' },
      report: { type: 'string' },
      grep: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.cases === undefined) {
    process.stderr.write('error: --cases <file> is missing\n');
    return 2;
  }
  // npm changes to the folder of the package; paths are meant from where the user stands.
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const cases = JSON.parse(readFileSync(resolve(from, values.cases), 'utf8')) as readonly ConformanceCase[];
  const { grep } = values;
  const project = await openConformanceProject(
    values.fixtures === undefined ? defaultFixtures : resolve(from, values.fixtures),
  );
  let run: CasesRun;
  try {
    run = await runCases(project, cases, {
      ...(grep === undefined ? {} : { only: (one) => caseKey(one).includes(grep) }),
      ...(process.stderr.isTTY ? { progress: showProgress } : {}),
    });
  } finally {
    await project.close();
  }
  if (values.report !== undefined) {
    writeFileSync(resolve(from, values.report), `${JSON.stringify(run.report, undefined, 1)}\n`);
  }
  const known = new Set(readKnownFailures().map(caseKey));
  if (values.json) process.stdout.write(`${JSON.stringify(run.report)}\n`);
  else print(run, known);
  return run.failed.every((failed) => known.has(caseKey(failed.case))) ? 0 : 1;
}

function print({ report, failed, skipped, remarks }: CasesRun, known: ReadonlySet<string>): void {
  const lines: string[] = [];
  for (const [config, said] of remarks)
    lines.push(`config ${config.replaceAll(/\s+/g, ' ')}: ${said.join('; ')}`);
  for (const { index, case: one, differences } of failed) {
    const mark = known.has(caseKey(one)) ? 'failed, known' : 'failed';
    lines.push(`${mark}: #${index} ${caseKey(one)}`, `    ${one.request.method} ${one.request.path}`);
    lines.push(...differences.map((difference) => `    ${difference}`));
  }
  for (const one of skipped) lines.push(`skipped, needs ${one.needs}: ${caseKey(one)}`);
  lines.push(`${report.passed}/${report.total} passed, ${skipped.length} skipped`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

function showProgress(done: number, total: number): void {
  if (done % 25 === 0 || done === total)
    process.stderr.write(`\r${done}/${total}${done === total ? '\n' : ''}`);
}

process.exitCode = await main().catch((thrown: Error) => {
  process.stderr.write(`error: ${thrown.message}\n`);
  return 2;
});
