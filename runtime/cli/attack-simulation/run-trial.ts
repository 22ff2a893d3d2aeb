import { sendRawRequest } from '../send-raw-request.ts';
import type { Trial, TrialResult } from './trial.ts';

const blocked: readonly (string | undefined)[] = ['MF301', 'MF302'];

/**
 * Sends one request of the simulation and judges the answer: an attack must be blocked with an incident id,
 * a legitimate request must not be blocked and must not break anything.
 * @param base base URL of the project
 * @param table a table that exists, for `{table}`
 */
export async function runTrial(trial: Trial, base: string, key: string, table: string): Promise<TrialResult> {
  const answer = await sendRawRequest(base, {
    method: trial.method,
    path: trial.path.replace('{table}', encodeURIComponent(table)),
    // Without a key it comes as from a page of another site: such incidents never block the address they come from,
    // which is that of everybody on this machine.
    headers: {
      ...trial.headers,
      ...(trial.withKey ? { 'x-api-key': key } : { 'sec-fetch-site': 'cross-site' }),
    },
    ...(trial.body === undefined ? {} : { body: trial.body }),
  });
  const { code, incident } = readProblem(answer.text);
  const passed =
    trial.kind === 'attack'
      ? answer.status === 403 && blocked.includes(code) && incident !== undefined
      : answer.status < 500 && !blocked.includes(code);
  return { trial, status: answer.status, code, incident, passed };
}

function readProblem(text: string): { code: string | undefined; incident: string | undefined } {
  try {
    const problem = JSON.parse(text) as { code?: string; incident?: string; details?: { incident?: string } };
    return { code: problem.code, incident: problem.incident ?? problem.details?.incident };
  } catch {
    return { code: undefined, incident: undefined };
  }
}
