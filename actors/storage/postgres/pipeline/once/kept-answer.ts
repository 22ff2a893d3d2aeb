import { MagFlockError } from '../../../../../runtime/errors/magflock-error.ts';
import type { Plan, PlanResult, StepResult } from '../../../../../runtime/protocol/plan.protocol.ts';

/**
 * The result of a plan as it was when it was done.
 * @param kept what was read
 * @throws MF433 when it was too long to be kept, MF432 when it is gone
 */
export function keptAnswer(plan: Plan, kept: PlanResult): PlanResult {
  const texts = JSON.parse(kept.body ?? '[]') as (string | null)[];
  const [text, ...further] = texts;
  if (text === undefined) {
    throw new MagFlockError('MF432', 'The answer that was kept for this key expired just now.', {
      fix: 'Send the request again.',
    });
  }
  if (text === null || further.includes(null)) {
    throw new MagFlockError('MF433', 'The request was done before; its answer was too long to be kept.', {
      fix: 'Read the rows. With Prefer: return=minimal an answer is always short enough.',
      details: { committed: true },
    });
  }
  const row = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const columns = plan.columns?.map((name) => [name, textOf(row[name])] as const);
  return {
    body: textOf(row['body']),
    rows: Number(row['rows'] ?? 0),
    location: textOf(row['header_location']) ?? undefined,
    ...(columns === undefined ? {} : { columns: Object.fromEntries(columns) }),
    ...(plan.steps === undefined ? {} : { steps: further.map(stepOf) }),
    databaseMs: kept.databaseMs,
    replayed: true,
  };
}

function stepOf(text: string | null): StepResult {
  const row = JSON.parse(text ?? '{}') as Readonly<Record<string, unknown>>;
  return { body: textOf(row['body']), rows: Number(row['rows'] ?? 0) };
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
