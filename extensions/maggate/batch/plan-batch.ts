import { shapeOf } from '../../sdk/gateway.ts';
import { ExtensionError, type GatewayRequest } from '../../sdk/index.ts';
import type { ApiLimits } from '../dialects/api/api-limits.ts';
import type { ApiPlan } from '../dialects/api/api-plan.ts';
import type { ApiFacts } from '../dialects/api/api-target.ts';
import { planListRequest } from '../dialects/api/plan-list-request.ts';
import type { JsonObject } from '../parse/parse-documents.ts';
import { findTable } from '../schema-cache/find-table.ts';
import type { ProjectSchema } from '../schema-cache/project-schema.ts';
import type { BatchOperation } from './batch-operation.ts';
import type { BatchPlan, PlannedStep } from './batch-plan.ts';
import { checkOffered } from './check-offered.ts';
import { draftCallStep } from './draft-call-step.ts';
import { draftTableStep } from './draft-table-step.ts';
import type { DraftedStep } from './drafted-step.ts';
import { findFunction } from './find-function.ts';
import { finishStep } from './finish-step.ts';
import { inStep } from './in-step.ts';
import { invalidBatch } from './invalid-batch.ts';
import { parseBatch } from './parse-batch.ts';
import type { StepTarget } from './step-target.ts';
import { StepWriter } from './step-writer.ts';

/**
 * `POST /batch/v1`, operations that are all done or none of them: read this first. Each becomes a statement of one
 * transaction, sent in one go. One that refers to an earlier one reads that one's rows out of a setting of the
 * transaction, so nothing waits for the caller in between.
 * @throws MF1xx, MF4xx with `step` and `id` in the details
 */
export function planBatch(
  schema: ProjectSchema,
  request: GatewayRequest,
  limits: ApiLimits,
  facts: ApiFacts,
): BatchPlan {
  checkAddress(request);
  const operations = parseBatch(request.json);
  const targets = operations.map((one) => inStep(one, () => targetOf(schema, one)));
  const drafts = operations.map((one) =>
    inStep(one, () => draftOf({ schema, limits, facts }, one, operations, targets)),
  );
  const kept = new Map<number, Set<string>>();
  for (const { writer } of drafts) {
    for (const { step, column } of writer?.references ?? []) {
      const columns = kept.get(step) ?? new Set();
      if (column !== undefined) columns.add(column);
      kept.set(step, columns);
    }
  }
  const batch = drafts.map((draft, step) => finished(schema, draft, kept.get(step)));
  const shapes = batch.map(({ plan }) => plan.shape);
  const [first, ...steps] = batch.map(({ plan, operation }) => ({ ...plan, name: operation.name }));
  return {
    ...first!,
    access: batch.some(({ plan }) => plan.access === 'write') ? 'write' : 'read',
    action: undefined,
    answer: { status: 200, contentType: 'application/json; charset=utf-8' },
    // How long a batch takes depends on all of it.
    shape: shapes.includes(undefined) ? undefined : shapeOf(shapes.join(), ['batch']),
    further: batch.flatMap(({ does }) => does),
    steps: steps.map(({ name, operation, table, sql, parameters, parameterColumns, shape }) => {
      return { name, operation, table, sql, parameters, parameterColumns, shape };
    }),
    batch,
  };
}

interface Planning {
  readonly schema: ProjectSchema;
  readonly limits: ApiLimits;
  readonly facts: ApiFacts;
}

/** An operation before it is known who needs its rows; that of a list is finished. */
interface Draft {
  readonly operation: BatchOperation;
  readonly writer?: StepWriter;
  readonly step: DraftedStep | PlannedStep;
}

function checkAddress({ method, mountedPath, mount, query }: GatewayRequest): void {
  if (mountedPath !== '/' && mountedPath !== '') {
    throw new ExtensionError('MF104', `Nothing is served at ${mount}${mountedPath}.`, {
      fix: `Send POST ${mount}.`,
    });
  }
  if (method !== 'POST') {
    throw new ExtensionError('MF105', `${method} is not available here.`, {
      fix: 'A batch is sent with POST.',
      details: { allow: ['POST'] },
    });
  }
  if (query !== '')
    throw invalidBatch('A batch has no query string.', 'What each operation is about stands in the body.');
}

function targetOf(schema: ProjectSchema, operation: BatchOperation): StepTarget {
  const { op, target, query } = operation;
  if (op !== 'call') {
    const table = findTable(schema, target);
    checkOffered(table, op);
    return { table, routine: undefined, rows: true, list: query !== undefined };
  }
  const routine = findFunction(schema.data(), target, given(operation));
  const { kind, type } = routine.returns;
  const found = kind === 'composite' ? schema.tables.get(type.name) : undefined;
  const table = found?.schema === type.schema ? found : undefined;
  return { table, routine, rows: kind === 'composite', list: false };
}

function given({ data }: BatchOperation): JsonObject | undefined {
  if (data === undefined || data.kind === 'object') return data;
  throw invalidBatch('"data" of a call is no object.', 'Name the arguments: {"a": 1, "b": 2}.');
}

function draftOf(
  planning: Planning,
  operation: BatchOperation,
  operations: readonly BatchOperation[],
  targets: readonly StepTarget[],
): Draft {
  const target = targets[operation.step]!;
  if (operation.query !== undefined) return { operation, step: listStep(planning, operation, target) };
  const writer = new StepWriter(operation, operations, targets);
  const step =
    target.routine === undefined
      ? draftTableStep(target.table!, writer, planning.limits)
      : draftCallStep(target.routine, given(operation), writer);
  return { operation, writer, step };
}

/** A select with all that a list of /api can do. */
function listStep(
  { schema, limits, facts }: Planning,
  operation: BatchOperation,
  target: StepTarget,
): PlannedStep {
  const table = target.table!;
  const { query = '' } = operation;
  const plan = planListRequest({ schema, table, limits, facts }, { query });
  if (plan.columns !== undefined || plan.paging !== undefined)
    throw invalidBatch('A list in a batch has no cursor.');
  const own = { operation: 'select' as const, table: plan.table, action: 'list' as const };
  return {
    operation,
    plan,
    references: [],
    shows: 'list',
    limit: undefined,
    does: [own, ...(plan.further ?? [])],
  };
}

function finished(
  schema: ProjectSchema,
  { operation, writer, step }: Draft,
  kept: ReadonlySet<string> | undefined,
): PlannedStep {
  if ('plan' in step || writer === undefined) return step as PlannedStep;
  const sql = finishStep(step, kept, writer);
  const plan: ApiPlan = {
    access: step.access,
    operation: step.operation,
    table: step.table,
    sql,
    parameters: writer.values,
    parameterColumns: writer.parameters.map(({ column }) => column?.name ?? null),
    shape: writer.values.length > mostShaped ? undefined : shapeOf(sql, writer.types),
    schemaVersion: schema.version,
    answer: { status: operation.op === 'insert' ? 201 : 200, contentType: 'application/json' },
    purpose: purposes[operation.op],
    minimal: step.shows === 'none',
    sources: writer.parameters.map(({ source }) => source),
  };
  return {
    operation,
    plan,
    references: writer.references,
    shows: step.shows,
    limit: step.limit,
    does: step.does,
  };
}

/** More values than this are no shape that comes again. */
const mostShaped = 60;

const purposes = {
  insert: 'create-many',
  upsert: 'create-many',
  update: 'update',
  delete: 'delete',
  select: 'list',
  call: 'list',
} as const;
