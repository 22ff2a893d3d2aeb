import type { PlanResult } from '../../../../sdk/index.ts';
import { errorAnswer } from '../errors/error-answer.ts';
import { outOfRange } from '../errors/out-of-range.ts';
import type { RestPlan } from '../rest-plan.ts';
import { contentRange } from './content-range.ts';

import { pageTotal } from './page-total.ts';
import { rangeStatus } from './range-status.ts';
import { totalRows } from './total-rows.ts';

interface RangedBody {
  readonly status: number;
  readonly contentRange: string;
  /** The rows, or why there are none: an offset behind the last row. */
  readonly body: string;
  readonly failed?: string | undefined;
}

/** Status, range and body of an answer with rows that may be some of many. */
export function rangedBody(plan: RestPlan, result: PlanResult): RangedBody {
  const { offset } = plan.rest.topRange;
  const rows = pageTotal(result);
  const total = totalRows(plan, result);
  const status = rangeStatus(offset, rows, total);
  const range = contentRange(offset, offset + rows - 1, total);
  if (status !== 416) return { status, contentRange: range, body: result.body ?? '' };
  const { body, failed } = errorAnswer(outOfRange(offset, total ?? 0), plan.dataApi.clientErrorVerbosity);
  return { status, contentRange: range, body: body as string, failed };
}
