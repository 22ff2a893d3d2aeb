import { MagFlockError } from '../errors/magflock-error.ts';
import { eventCatalog } from './event-catalog.ts';

interface FlatSchema {
  readonly properties: Readonly<Record<string, { readonly type: string }>>;
}

const catalog = eventCatalog as unknown as Readonly<Record<string, FlatSchema>>;

/** Throws MF612 when the event is not in the catalogue or its payload does not fit, naming the field. */
export function checkEvent(name: string, payload: unknown): void {
  const schema = Object.hasOwn(catalog, name) ? catalog[name] : undefined;
  if (schema === undefined) throw new MagFlockError('MF612', `the catalogue has no event ${name}`);
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    throw refusal(name, 'payload', 'must be an object');
  }
  const fields = payload as Record<string, unknown>;
  for (const field in schema.properties) {
    const { type } = schema.properties[field] as { readonly type: string };
    if (!Object.hasOwn(fields, field)) throw refusal(name, field, 'is missing');
    // JSON Schema knows neither NaN nor infinity.
    const fits = typeof fields[field] === type && (type !== 'number' || Number.isFinite(fields[field]));
    if (!fits) throw refusal(name, field, `must be a ${type}`);
  }
}

function refusal(event: string, field: string, problem: string): MagFlockError {
  return new MagFlockError('MF612', `event ${event}: ${field} ${problem}`, { details: { event, field } });
}
