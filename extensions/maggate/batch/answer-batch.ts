import type { GatewayAnswer, PlanResult } from '../../sdk/index.ts';
import { jsonAnswer } from '../dialects/api/json-answer.ts';
import type { BatchPlan, PlannedStep } from './batch-plan.ts';

/** The results of all operations, in order. */
export function answerBatch({ batch }: BatchPlan, result: PlanResult): GatewayAnswer {
  const all = [result, ...(result.steps ?? [])];
  const results = batch.map((step, index) => resultOf(step, all[index] ?? { body: null, rows: 0 }));
  return jsonAnswer(200, `{"results":[${results.join(',')}]}`);
}

/** Bodies are put in as PostgreSQL wrote them. */
function resultOf(
  { operation, plan, shows, limit }: PlannedStep,
  { body, rows }: Pick<PlanResult, 'body' | 'rows'>,
): string {
  const head = `{"id":${JSON.stringify(operation.name)},"status":${plan.answer.status}`;
  if (shows === 'list') return `${head},${(body ?? '{"data":[],"meta":{}}').slice(1)}`;
  const count = limit === undefined ? rows : Math.min(rows, limit);
  const meta = limit === undefined ? '' : `,"limit":${limit},"hasMore":${rows > limit}`;
  return `${head},"data":${body ?? 'null'},"meta":{"count":${count}${meta}}}`;
}
