import type { JudgedMinute } from './judged-window.ts';
import type { ModelProblems } from './model-desk.ts';

/** Whether an agent's models judge, in the words of `magflock sentinel status`. */
export interface AgentState {
  readonly state: 'ok' | 'degraded' | 'off';
  readonly problem: string | null;
}

export interface AgentFacts {
  /** Setting `sentinel.models`. */
  readonly wanted: boolean;
  readonly models: ModelProblems;
  readonly minute: JudgedMinute;
}

/**
 * The state of an agent: `off` when no model judges, because of the operator, of the files, or of the workers;
 * `degraded` when another version judges than should, or some values of the last minute were left to the signatures.
 * Values over the budget of a request do not count: whoever sends them must not be able to raise an alarm about us.
 * A damaged candidate is a problem of its own, whatever the state.
 */
export function agentState({ wanted, models, minute }: AgentFacts): AgentState {
  if (!wanted) return { state: 'off', problem: 'switched off by sentinel.models; signatures alone decide' };
  if (models.none !== null) return { state: 'off', problem: models.none };
  const reasons = Object.entries(minute.unjudged).sort(([, a], [, b]) => b - a);
  const unjudged = reasons.reduce((sum, [, values]) => sum + values, 0);
  const list = reasons.map(([reason, values]) => `${reason} ${values}`).join(', ');
  const left = `${unjudged} of ${unjudged + minute.judged} values of the last minute were not judged (${list})`;
  const problems = [...(unjudged > 0 ? [left] : []), ...models.faults];
  const state = problems.length === 0 ? 'ok' : unjudged > 0 && minute.judged === 0 ? 'off' : 'degraded';
  const all = [...problems, ...models.others];
  return { state, problem: all.length === 0 ? null : all.join('; ') };
}
