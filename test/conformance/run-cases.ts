import { settingsOfConfig, specificationSecret } from './config/settings-of-config.ts';
import type { CaseResult, ConformanceCase, ConformanceReport, ReceivedAnswer } from './conformance-case.ts';
import type { ConformanceProject } from './conformance-project.ts';
import { CaseClient } from './http/case-client.ts';
import { compareAnswer } from './http/compare-answer.ts';

export interface FailedCase {
  readonly index: number;
  readonly case: ConformanceCase;
  readonly differences: readonly string[];
}

export interface CasesRun {
  readonly report: ConformanceReport;
  readonly failed: readonly FailedCase[];
  /** Not sent: they need an extension that the server does not have. */
  readonly skipped: readonly ConformanceCase[];
  /** What configurations ask that could not be set, by configuration. */
  readonly remarks: ReadonlyMap<string, readonly string[]>;
}

export interface RunCasesOptions {
  /** Leaves out the others; the index stays that of the whole file. */
  readonly only?: (one: ConformanceCase) => boolean;
  readonly progress?: (done: number, total: number) => void;
}

/**
 * Sends the cases to a project, one after another, those of one configuration together, and compares the answers.
 * A case whose request fails counts as failed with status 0.
 */
export async function runCases(
  project: ConformanceProject,
  cases: readonly ConformanceCase[],
  options: RunCasesOptions = {},
): Promise<CasesRun> {
  const { only = () => true, progress } = options;
  const client = new CaseClient({
    url: project.url,
    prefix: project.prefix,
    apikey: project.publicKey,
    secret: specificationSecret,
  });
  const lacksNothing = ({ needs }: ConformanceCase): boolean =>
    needs === undefined || project.availableExtensions.has(needs);
  const chosen = cases.map((one, index) => ({ one, index })).filter(({ one }) => only(one));
  const sent = chosen.filter(({ one }) => lacksNothing(one));
  const results: CaseResult[] = [];
  const failed: FailedCase[] = [];
  const remarks = new Map<string, readonly string[]>();
  try {
    for (const [config, group] of Map.groupBy(sent, ({ one }) => one.config)) {
      const { settings, remarks: said } = settingsOfConfig(config);
      if (said.length > 0) remarks.set(config, said);
      const refused = await project.applySettings(settings).then(
        () => undefined,
        (thrown: Error) => `its settings were refused: ${thrown.message}`,
      );
      for (const { one, index } of group) {
        const { received, trouble } = await answerOf(client, one);
        const differences = trouble === undefined ? [...compareAnswer(one.expect, received)] : [trouble];
        if (refused !== undefined && differences.length > 0) differences.push(refused);
        const { file, line, name } = one;
        results.push({ index, file, line, name, ok: differences.length === 0, received });
        if (differences.length > 0) failed.push({ index, case: one, differences });
        progress?.(results.length, sent.length);
      }
    }
  } finally {
    client.close();
  }
  results.sort((a, b) => a.index - b.index);
  failed.sort((a, b) => a.index - b.index);
  const passed = results.length - failed.length;
  return {
    report: { passed, total: results.length, cases: results },
    failed,
    skipped: chosen.filter(({ one }) => !lacksNothing(one)).map(({ one }) => one),
    remarks,
  };
}

async function answerOf(
  client: CaseClient,
  one: ConformanceCase,
): Promise<{ received: ReceivedAnswer; trouble?: string }> {
  try {
    return { received: await client.send(one.request) };
  } catch (thrown) {
    return { received: { status: 0, headers: {}, body: '' }, trouble: (thrown as Error).message };
  }
}
