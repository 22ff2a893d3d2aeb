import { Compile, type Validator } from 'typebox/compile';
import { MagFlockError } from '../errors/magflock-error.ts';
import { type EventName, eventCatalog } from './event-catalog.ts';

const compiled = new Map<string, Validator>();

/** Throws MF612 when the event is not in the catalogue or its payload does not fit, naming the field. */
export function checkEvent(name: string, payload: unknown): void {
  let validator = compiled.get(name);
  if (validator === undefined) {
    if (!Object.hasOwn(eventCatalog, name)) {
      throw new MagFlockError('MF612', `the catalogue has no event ${name}`);
    }
    validator = Compile(eventCatalog[name as EventName]) as Validator;
    compiled.set(name, validator);
  }
  if (validator.Check(payload)) return;
  const [first] = validator.Errors(payload);
  const field =
    first === undefined || first.instancePath === '' ? 'the payload' : first.instancePath.slice(1);
  throw new MagFlockError('MF612', `event ${name}: ${field} ${first?.message ?? 'does not fit'}`, {
    details: { event: name, field },
  });
}
