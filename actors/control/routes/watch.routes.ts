import { Type } from 'typebox';
import { type EventName, eventCatalog } from '../../../runtime/bus/event-catalog.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { defineRoute } from '../define-route.ts';
import { ndjsonStream } from '../ndjson-stream.ts';

const known = Object.keys(eventCatalog) as EventName[];

/** What happens now: the events of the bus. */
export const watchRoutes = [
  defineRoute({
    method: 'get',
    path: '/events',
    query: Type.Object(
      { names: Type.Optional(Type.String({ maxLength: 2000 })) },
      { additionalProperties: false },
    ),
    async answer({ context }, { query, signal }) {
      const names =
        query.names === undefined ? known : query.names.split(',').map((name) => eventOf(name.trim()));
      const lines = ndjsonStream();
      const subscriptions = names.map((name) =>
        context.events.on(name, (payload) => lines.push({ name, at: new Date().toISOString(), payload })),
      );
      const end = (): void => {
        for (const unsubscribe of subscriptions.splice(0)) unsubscribe();
        lines.end();
      };
      signal.addEventListener('abort', end, { once: true });
      context.signal.addEventListener('abort', end, { once: true });
      // The first line goes out at once, so that the caller knows the subscriptions are in place.
      lines.push({ name: 'stream.open', at: new Date().toISOString(), payload: { names } });
      return lines.stream;
    },
  }),
];

function eventOf(text: string): EventName {
  const name = known.find((candidate) => candidate === text);
  if (name !== undefined) return name;
  throw new MagFlockError('MF100', `query.names: "${text}" is no event`, {
    fix: `known are ${known.join(', ')}`,
  });
}
