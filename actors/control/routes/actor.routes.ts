import { Type } from 'typebox';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ControlState } from '../control-state.ts';
import { defineRoute } from '../define-route.ts';
import { ndjsonStream } from '../ndjson-stream.ts';

const path = Type.String({ minLength: 1, maxLength: 500, pattern: '^/?[^/].*' });
const onlyPath = Type.Object({ path }, { additionalProperties: false });
/** Milliseconds between two looks at what an actor has run. */
const traceMs = 200;
/** Messages in one look that a reader gets one by one; of more, the number. */
const perLook = 200;

const ofMachine = (state: ControlState) => state.context.part('motherboard');

/** Actors by path: the tree, one of them, its messages as they end, and the handles operators have. */
export const actorRoutes = [
  defineRoute({
    method: 'get',
    path: '/tree',
    query: Type.Object(
      { children: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })) },
      { additionalProperties: false },
    ),
    answer: (state, { query }) => ofMachine(state).ask('tree', query),
  }),
  defineRoute({
    method: 'get',
    path: '/actor',
    query: onlyPath,
    answer: (state, { query }) => ofMachine(state).ask('actor', query),
  }),
  defineRoute({
    method: 'get',
    path: '/actor/trace',
    query: onlyPath,
    async answer(state, { query, signal }) {
      const machine = ofMachine(state);
      // Begins, and fails here when there is no such actor.
      await machine.ask('trace', query);
      const lines = ndjsonStream();
      lines.push({ open: query.path });
      const look = async (): Promise<void> => {
        const { messages, missed } = await machine.ask('trace', query);
        for (const message of messages.slice(0, perLook)) lines.push(message);
        const more = missed + Math.max(0, messages.length - perLook);
        if (more > 0) lines.push({ missed: more });
      };
      let looking = false;
      const timer = setInterval(() => {
        if (looking) return;
        looking = true;
        look()
          // It may be down just now; one that is gone for good is said so.
          .catch((error) => lines.push({ error: MagFlockError.from(error).message }))
          .finally(() => {
            looking = false;
          });
      }, traceMs);
      const end = (): void => {
        clearInterval(timer);
        lines.end();
        machine.ask('trace', { ...query, end: true }).catch(() => {});
      };
      signal.addEventListener('abort', end, { once: true });
      state.context.signal.addEventListener('abort', end, { once: true });
      return lines.stream;
    },
  }),
  ...(['suspend', 'resume'] as const).map((what) =>
    defineRoute({
      method: 'post',
      path: `/actor/${what}`,
      body: onlyPath,
      unaudited: 'proceed',
      act: ({ body }) => ({ action: `actor.${what}`, project: 'system', target: body.path }),
      answer: (state, { body }) => ofMachine(state).ask(what, body),
    }),
  ),
  defineRoute({
    method: 'post',
    path: '/actor/restart',
    body: onlyPath,
    unaudited: 'proceed',
    act: ({ body }) => ({ action: 'actor.restart', project: 'system', target: body.path }),
    answer: (state, { body }) => ofMachine(state).ask('restartActor', body, { timeoutMs: 60_000 }),
  }),
];
