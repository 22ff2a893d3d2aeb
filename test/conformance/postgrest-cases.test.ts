import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ConformanceCase } from './conformance-case.ts';
import { type ConformanceProject, openConformanceProject } from './conformance-project.ts';
import { caseKey, readKnownFailures } from './known-failures.ts';
import { type CasesRun, runCases } from './run-cases.ts';

const data = fileURLToPath(new URL('../../../shared/data/postgrest', import.meta.url));
const leastShare = 0.97;

describe("the cases of PostgREST's specification", function () {
  this.timeout(180_000);
  let project: ConformanceProject | undefined;
  let run: CasesRun;

  before(async function () {
    if (!existsSync(`${data}/cases.json`)) {
      process.stderr.write(`skipped: ${data}/cases.json is not there\n`);
      return this.skip();
    }
    const cases = JSON.parse(readFileSync(`${data}/cases.json`, 'utf8')) as readonly ConformanceCase[];
    project = await openConformanceProject(`${data}/fixtures`);
    run = await runCases(project, cases);
  });

  after(() => project?.close());

  it(`pass, ${leastShare * 100} in a hundred of those that need no missing extension at least`, () => {
    const { passed, total } = run.report;
    assert.ok(passed >= total * leastShare, `${passed} of ${total} pass`);
  });

  it('fail where it is known why, and nowhere else', () => {
    const known = readKnownFailures();
    const failed = run.failed.map(({ case: one, differences }) => [caseKey(one), differences] as const);
    const unexpected = failed.filter(([key]) => !known.some((entry) => caseKey(entry) === key));
    const passing = known.map(caseKey).filter((key) => !failed.some(([failing]) => failing === key));
    assert.deepEqual({ unexpected, passing }, { unexpected: [], passing: [] });
    assert.ok(known.every(({ reason }) => reason.length > 10));
  });

  it('are left out only where the server lacks an extension, and say so', () => {
    assert.ok(run.skipped.every(({ needs }) => needs === 'postgis' || needs === 'safeupdate'));
    const [skipped, total] = [run.skipped.length, run.report.total];
    assert.equal(new Set(run.report.cases.map(({ index }) => index)).size, total);
    assert.ok(skipped < total / 10);
  });
});
