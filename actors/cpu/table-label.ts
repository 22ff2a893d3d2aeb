import type { Plan } from '../../runtime/protocol/plan.protocol.ts';

/**
 * A table as scopes of keys and the audit trail name it: those of `public` by their name alone, others with their
 * schema, so that one of the same name in another schema is another one.
 */
export function tableLabel({ schema, name }: Plan['table']): string {
  return schema === 'public' ? name : `${schema}.${name}`;
}
