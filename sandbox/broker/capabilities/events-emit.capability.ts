import { eventCatalog } from '../../../runtime/bus/event-catalog.ts';
import type { EventPort } from '../../../runtime/bus/event-port.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { Capability, CapabilityCall } from '../capability.ts';
import { covers } from '../covers.ts';

export interface EventsEmitOptions {
  readonly events: Pick<EventPort, 'emit'>;
}

const eventName = /^[a-z][a-z0-9-]{0,49}(\.[a-z0-9][a-z0-9-]{0,49}){0,5}$/;
const mostPayload = 16 * 1024;

/**
 * `events.emit`: an extension says something to others. Whatever it says goes out as `extension.message` with its
 * id on it, put there by the host. It can never announce an event of the machine: a forged `threat.detected` would
 * be an attack on everyone who acts on it. Its names are not those of the catalogue either, nor of its areas.
 */
export function eventsEmitCapability({ events }: EventsEmitOptions): Capability {
  async function emit(call: CapabilityCall): Promise<{ readonly emitted: true }> {
    const [name, payload] = call.args;
    if (typeof name !== 'string' || !eventName.test(name)) {
      throw new MagFlockError('MF422', 'The name of an event is lower-case words with dots between.');
    }
    if (machineAreas.has(name.slice(0, `${name}.`.indexOf('.')))) {
      throw new MagFlockError('MF610', `Only the machine itself announces ${name}.`, {
        details: { event: name },
      });
    }
    if (!covers('events.emit', call.scopes, name)) {
      throw new MagFlockError('MF610', `The extension ${call.extension} may not announce ${name}.`, {
        fix: 'The operator has to grant events.emit for this name.',
        details: { event: name },
      });
    }
    const text = JSON.stringify(payload ?? null);
    if (text.length > mostPayload) {
      throw new MagFlockError(
        'MF422',
        `What an event carries has at most ${mostPayload} characters of JSON.`,
      );
    }
    events.emit('extension.message', { id: call.extension, project: call.project, name, payload: text });
    return { emitted: true };
  }

  return { name: 'events.emit', methods: { emit } };
}

/** First words of the catalogue's names: `threat`, `auth`, `database` … */
const machineAreas: ReadonlySet<string> = new Set(
  Object.keys(eventCatalog).map((name) => name.slice(0, name.indexOf('.'))),
);
