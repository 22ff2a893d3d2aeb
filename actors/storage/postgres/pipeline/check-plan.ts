import { MagFlockError } from '../../../../runtime/errors/magflock-error.ts';
import type { Plan } from '../../../../runtime/protocol/plan.protocol.ts';
import type { OutboxRow } from '../../../../runtime/protocol/storage.protocol.ts';
import { type PlanSettings, planSettings } from './plan-settings.ts';

const isolations: ReadonlySet<string> = new Set(['repeatable read', 'serializable']);

/**
 * Checks at the border what a lane relies on.
 * @returns the plan's settings, when it has any
 * @throws MF500 for a plan that a gateway may not make
 */
export function checkPlan(plan: Plan, outbox: OutboxRow | undefined): PlanSettings | undefined {
  const write = plan.access === 'write';
  if (write !== (outbox !== undefined)) {
    throw new MagFlockError(
      'MF500',
      write ? 'A write came without its audit row.' : 'A read came with an audit row.',
    );
  }
  // COMMIT and ROLLBACK end the transaction, and what comes after them would run as the login role.
  if (plan.before !== undefined && !/^select\s/i.test(plan.before)) {
    throw new MagFlockError('MF500', 'What a plan has run before it must be a SELECT.');
  }
  if (plan.isolation !== undefined && !isolations.has(plan.isolation)) {
    throw new MagFlockError('MF500', `"${plan.isolation}" is no isolation level of a plan.`);
  }
  return plan.settings === undefined ? undefined : planSettings(plan.settings);
}
