import { ExtensionError } from '../../../../sdk/index.ts';
import type { FailedPlan } from './failed-plan.ts';

const flags = { select: '--read', insert: '--insert', update: '--update', delete: '--delete' } as const;

const verbs = { select: 'read', insert: 'insert into', update: 'update', delete: 'delete from' } as const;

/** insufficient_privilege (42501) as MF403, with the command that grants it; row security says the same code. */
export function explainPermission(asked: FailedPlan): ExtensionError {
  const failed = { ...asked, plan: { ...asked.plan, ...deniedAccess(asked) } };
  const { request, plan, facts } = failed;
  const table = plan.table.name;
  if (facts.message.includes('row-level security policy')) {
    return new ExtensionError('MF403', `The row security of "${table}" refuses this row.`, {
      fix: `Write a policy that lets ${request.visibleAs} ${plan.operation} it: create policy … on "${table}" for ${plan.operation} to ${request.visibleAs} with check (…).${plan.parameterTables === undefined ? '' : unseen}`,
      details: { table, operation: plan.operation, role: request.visibleAs, rowSecurity: true },
    });
  }
  return new ExtensionError('MF403', `This key may not ${verbs[plan.operation]} "${table}".`, {
    fix: exposeCommand(failed),
    details: { table, operation: plan.operation, role: request.visibleAs },
  });
}

/** What was denied when it was not the listed table but one that the statement reads or writes besides. */
function deniedAccess({ plan, facts }: FailedPlan): Pick<FailedPlan['plan'], 'operation' | 'table'> {
  const name = /^permission denied for (?:materialized view|foreign table|table|view) (.+)$/.exec(
    facts.message,
  )?.[1];
  const further =
    name === plan.table.name ? undefined : plan.further?.find(({ table }) => table.name === name);
  const { operation, table } = further ?? plan;
  return { operation, table };
}

/** A statement does not see what it writes itself. */
const unseen =
  ' A policy that looks for the row above does not find one of the same request: POST /batch/v1 writes them one after the other.';

function exposeCommand({ request, plan }: FailedPlan): string {
  if (request.visibleAs === 'service_role') {
    return `Grant it as the table's owner: magflock sql 'grant ${plan.operation} on ${quoted(plan.table.name)} to service_role'.`;
  }
  // Whatever shows or looks for rows reads them too.
  const wanted = new Set<string>([flags[plan.operation]]);
  if (plan.operation === 'update' || plan.operation === 'delete') wanted.add('--read');
  if (plan.operation === 'insert' && !plan.minimal) wanted.add('--read');
  const project = request.project === 'main' ? '' : ` --project ${request.project}`;
  const command = `magflock expose ${shellWord(plan.table.name)} --to ${request.visibleAs} ${[...wanted].sort().reverse().join(' ')}${project}`;
  const without =
    plan.operation === 'insert' && !plan.minimal
      ? ' To insert without the right to read, send Prefer: return=minimal.'
      : '';
  return `Run: ${command} (it offers row security, which says which rows). A secret key may do it already.${without}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A table name as one word of a POSIX shell. */
function shellWord(name: string): string {
  return /^[A-Za-z0-9_.-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}
