import { type BeforeHookResult, defineExtension, type HookFacts } from '@magflock/sdk';
import manifest from './magflock.extension.json' with { type: 'json' };

export default defineExtension(manifest, {
  onBefore(facts, { config, now }) {
    const { column } = config;
    const tables = config.tables.split(',').map((name) => name.trim());
    if (!tables.includes(facts.table)) return null;
    const trusted = facts.role === 'service_role';
    if (!trusted && names(facts.body, column)) {
      return { refuse: { status: 403, message: `${column} is set by deleting and by secret keys only.` } };
    }
    const visible = `${column}=is.null`;
    switch (facts.operation) {
      case 'create':
        return null;
      case 'delete':
        return marked(column, now(), visible);
      case 'update':
      case 'replace':
        // A secret key that sets the column restores the row, so it must reach it.
        return trusted && names(facts.body, column) ? null : { filter: visible };
      default:
        return trusted && asksFor(facts, column) ? null : { filter: visible };
    }
  },
});

/** A row that is marked already is not there: 404, as for one that was deleted. */
function marked(column: string, now: number, visible: string): BeforeHookResult {
  return { operation: 'update', body: { [column]: new Date(now).toISOString() }, filter: visible };
}

/** A condition on the column itself: `deleted_at=not.is.null`. */
const asksFor = ({ query }: HookFacts, column: string): boolean =>
  query.split('&').some((one) => one.startsWith(`${column}=`));

const names = (body: unknown, column: string): boolean =>
  (Array.isArray(body) ? body : [body]).some(
    (row: unknown) => typeof row === 'object' && row !== null && Object.hasOwn(row, column),
  );
