import type { JudgedMinute } from './judged-window.ts';

/** Whether an agent's models judge, in the words of `magflock sentinel status`. */
export interface AgentState {
  readonly state: 'ok' | 'degraded' | 'off';
  readonly problem: string | null;
}

export interface AgentFacts {
  /** Setting `sentinel.models`. */
  readonly wanted: boolean;
  /** Why there is no model that works; null when there is one. */
  readonly noModel: string | null;
  readonly minute: JudgedMinute;
}

/**
 * The state of an agent: `off` when no model judges, because of the operator, of the files, or of the workers;
 * `degraded` when some values of the last minute were left to the signatures. Values over the budget of a request do
 * not count: whoever sends them must not be able to raise an alarm about us.
 */
export function agentState({ wanted, noModel, minute }: AgentFacts): AgentState {
  if (!wanted) return { state: 'off', problem: 'switched off by sentinel.models; signatures alone decide' };
  if (noModel !== null) return { state: 'off', problem: noModel };
  const reasons = Object.entries(minute.unjudged).sort(([, a], [, b]) => b - a);
  const unjudged = reasons.reduce((sum, [, values]) => sum + values, 0);
  if (unjudged === 0) return { state: 'ok', problem: null };
  const list = reasons.map(([reason, values]) => `${reason} ${values}`).join(', ');
  return {
    state: minute.judged === 0 ? 'off' : 'degraded',
    problem: `${unjudged} of ${unjudged + minute.judged} values of the last minute were not judged (${list})`,
  };
}
