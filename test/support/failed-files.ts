import { writeFileSync } from 'node:fs';
import type { Context, RootHookObject, Suite } from 'mocha';

/** Tests and hooks of a suite and those below it that failed, with their file. */
function failed(suite: Suite): { readonly file: string; readonly title: string }[] {
  const hooks = suite as unknown as Record<
    '_beforeAll' | '_beforeEach' | '_afterEach' | '_afterAll',
    Suite['tests']
  >;
  const own = [
    ...suite.tests,
    ...hooks._beforeAll,
    ...hooks._beforeEach,
    ...hooks._afterEach,
    ...hooks._afterAll,
  ];
  const here = own
    .filter(({ state }) => state === 'failed')
    .map((one) => ({ file: one.file ?? suite.file ?? '', title: one.fullTitle() }));
  return [...here, ...suite.suites.flatMap(failed)];
}

/**
 * Writes the tests that failed to the file that `MAGFLOCK_TEST_FAILED` names, a JSON array of `{file, title}`: what
 * `.ci/run` lists at its end and tries once more by itself.
 */
export const mochaHooks: RootHookObject = {
  afterAll(this: Context) {
    const to = process.env['MAGFLOCK_TEST_FAILED'];
    const root = this.test?.parent;
    if (to !== undefined && root !== undefined) writeFileSync(to, JSON.stringify(failed(root)));
  },
};
