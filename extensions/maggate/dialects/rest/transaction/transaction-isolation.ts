import type { Plan } from '../../../../sdk/index.ts';
import type { DataSchema, Routine } from '../../../schema-cache/data-schema.ts';

/** Isolation level of the transaction: what the function wants, else the role. Undefined: read committed. */
export function transactionIsolation(
  schema: DataSchema,
  role: string,
  routine: Routine | undefined,
): Plan['isolation'] {
  const ofRole = schema.roleSettings
    .get(role)
    ?.find(([name]) => name === 'default_transaction_isolation')?.[1];
  const level = (routine?.isolation ?? ofRole ?? '').toLowerCase();
  return level === 'repeatable read' || level === 'serializable' ? level : undefined;
}
