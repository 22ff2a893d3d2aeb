import { setTimeout as pause } from 'node:timers/promises';
import { MagFlockError } from '../../../../runtime/errors/magflock-error.ts';
import type { Plan, PlanResult } from '../../../../runtime/protocol/plan.protocol.ts';
import type { LaneTransaction } from './lane-transaction.ts';

const retryMs = 100;
const longestMs = 10_000;

/**
 * Finds out how a write ended whose connection died while its COMMIT may have been on the wire, and answers it:
 * with its result, with MF503 when nothing was written, or with MF501 when nobody can say.
 * @param ask runs a read on the same project, once the server is back
 * @param sealed whether its outbox row has reached the audit chain
 */
export async function resolveWrite(
  transaction: LaneTransaction,
  ask: (plan: Plan) => Promise<PlanResult>,
  sealed: (outboxId: string) => Promise<boolean>,
): Promise<void> {
  const outboxId = transaction.outbox?.id ?? '';
  const until = Math.min(transaction.deadline, Date.now() + longestMs);
  while (Date.now() < until) {
    try {
      const { body } = await ask(outcomePlan(transaction.transactionId ?? null, outboxId));
      if (body === 'committed') return committed(transaction);
      if (body === 'aborted') {
        return transaction.fail(
          new MagFlockError(
            'MF503',
            'The connection died before the write was committed: nothing was written.',
          ),
        );
      }
      if (body !== 'in progress') {
        // The id alone proves nothing after a crash; the row of the audit trail does, wherever it is by now.
        if (await sealed(outboxId)) return committed(transaction);
        break;
      }
    } catch {
      // Not back yet.
    }
    await pause(retryMs, undefined, { ref: false });
  }
  transaction.fail(
    new MagFlockError(
      'MF501',
      'The connection died while the write was being committed; whether it was is not known.',
      {
        retryable: false,
      },
    ),
  );
}

function committed(transaction: LaneTransaction): void {
  if (transaction.complete) {
    transaction.succeed(performance.now() - transaction.sentAt);
    return;
  }
  transaction.fail(
    new MagFlockError(
      'MF501',
      'The write was committed, but the connection died before its answer arrived.',
      {
        fix: 'Read the row: it is there. Do not write it again.',
        details: { committed: true },
        retryable: false,
      },
    ),
  );
}

function outcomePlan(transactionId: string | null, outboxId: string): Plan {
  return {
    access: 'read',
    operation: 'select',
    table: { schema: 'mg_sys', name: 'outbox' },
    sql: 'select mg_sys.write_outcome($1::text, $2::text) as body, 0::bigint as rows',
    parameters: [transactionId, outboxId],
    parameterColumns: [null, null],
    shape: 'mg_sys.write_outcome',
    schemaVersion: 0,
    answer: { status: 200, contentType: 'text/plain' },
  };
}
