import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { Threat } from '../../../runtime/protocol/sentinel.protocol.ts';
import { defineRoute } from '../define-route.ts';
import { ndjsonStream } from '../ndjson-stream.ts';
import { fields } from './fields.ts';

const closed = { additionalProperties: false } as const;
const version = Type.String({ minLength: 1, maxLength: 128 });
/** A version is loaded by every worker before it judges. */
const modelPatience = 120_000;
/** Threats that are being looked up for one reader; further ones are counted, not shown. */
const lookUps = 256;

/** MagSentinel: incidents and what people say of them, blocked addresses, models, statements. */
export const sentinelRoutes = [
  defineRoute({
    method: 'get',
    path: '/sentinel',
    answer: ({ context }) => context.part('sentinel').ask('status', null),
  }),
  defineRoute({
    method: 'get',
    path: '/sentinel/threats',
    query: Type.Object(
      {
        project: Type.Optional(fields.project),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
      },
      closed,
    ),
    answer: ({ context }, { query }) => context.part('sentinel').ask('threats', query),
  }),
  defineRoute({
    method: 'get',
    path: '/sentinel/threats/live',
    query: Type.Object({ project: Type.Optional(fields.project) }, closed),
    async answer({ context }, { query, signal }) {
      const lines = ndjsonStream();
      let waiting = 0;
      let passedOver = 0;
      let last: Promise<void> = Promise.resolve();
      const show = async (id: string): Promise<void> => {
        const threat: Threat | undefined = await context
          .part('sentinel')
          .ask('threat', { id })
          .catch(() => undefined);
        waiting -= 1;
        if (threat === undefined) passedOver += 1;
        else lines.push(threat);
        if (waiting > 0 || passedOver === 0) return;
        lines.push({ dropped: passedOver });
        passedOver = 0;
      };
      const unsubscribe = context.events.on('threat.detected', (event) => {
        if (query.project !== undefined && event.project !== query.project) return;
        if (waiting >= lookUps) {
          passedOver += 1;
          return;
        }
        waiting += 1;
        // One after the other: readers see them in the order in which they came.
        last = last.then(() => show(event.incident));
      });
      const end = (): void => {
        unsubscribe();
        lines.end();
      };
      signal.addEventListener('abort', end, { once: true });
      context.signal.addEventListener('abort', end, { once: true });
      // The first line goes out at once, so that the caller knows that from here on nothing is missed.
      lines.push({ open: true });
      return lines.stream;
    },
  }),
  defineRoute({
    method: 'get',
    path: '/sentinel/threats/:id',
    answer: ({ context }, { params }) => context.part('sentinel').ask('threat', { id: idOf(params['id']) }),
  }),
  defineRoute({
    method: 'post',
    path: '/sentinel/threats/:id/feedback',
    body: Type.Object(
      {
        verdict: Type.Union([Type.Literal('false-alarm'), Type.Literal('confirmed')]),
        note: Type.Optional(Type.String({ maxLength: 1000 })),
      },
      closed,
    ),
    act: ({ params, body }) => ({
      action: `threat.${body.verdict}`,
      project: 'system',
      target: params['id'] ?? '',
      ...(body.note === undefined ? {} : { payload: body.note }),
    }),
    answer: ({ context }, { params, body }) =>
      context.part('sentinel').ask('feedback', { id: idOf(params['id']), ...body }),
  }),
  defineRoute({
    method: 'get',
    path: '/sentinel/feedback',
    answer: ({ context }) => context.part('sentinel').ask('feedbackEntries', null),
  }),
  defineRoute({
    method: 'get',
    path: '/sentinel/blocks',
    query: Type.Object({ project: Type.Optional(fields.project) }, closed),
    answer: ({ context }, { query }) => context.part('sentinel').ask('blocks', query),
  }),
  defineRoute({
    method: 'post',
    path: '/sentinel/unblock',
    body: Type.Object({ target: Type.String({ minLength: 1, maxLength: 128 }) }, closed),
    act: ({ body }) => ({ action: 'block.lift', project: 'system', target: body.target }),
    answer: ({ context }, { body }) => context.part('sentinel').ask('unblock', body),
  }),
  defineRoute({
    method: 'get',
    path: '/sentinel/models',
    answer: ({ context }) => context.part('sentinel').ask('models', null),
  }),
  defineRoute({
    method: 'post',
    path: '/sentinel/models/rescan',
    act: () => ({ action: 'model.rescan', project: 'system' }),
    answer: ({ context }) => context.part('sentinel').ask('rescan', null, { timeoutMs: modelPatience }),
  }),
  defineRoute({
    method: 'post',
    path: '/sentinel/models/promote',
    body: Type.Object({ version }, closed),
    act: ({ body }) => ({ action: 'model.promote', project: 'system', target: body.version }),
    answer: ({ context }, { body }) =>
      context.part('sentinel').ask('promote', body, { timeoutMs: modelPatience }),
  }),
  defineRoute({
    method: 'post',
    path: '/sentinel/models/rollback',
    act: () => ({ action: 'model.rollback', project: 'system' }),
    answer: ({ context }) => context.part('sentinel').ask('rollback', null, { timeoutMs: modelPatience }),
  }),
  defineRoute({
    method: 'post',
    path: '/sentinel/models/shadow',
    body: Type.Object({ version: Type.Union([version, Type.Null()]) }, closed),
    act: ({ body }) => ({ action: 'model.shadow', project: 'system', target: body.version ?? 'off' }),
    answer: ({ context }, { body }) =>
      context.part('sentinel').ask('shadow', body, { timeoutMs: modelPatience }),
  }),
  defineRoute({
    method: 'post',
    path: '/sentinel/statements',
    body: Type.Object(
      {
        project: fields.project,
        /** `sql`, `extension:<id>`, `agent:<id>`. */
        route: Type.Optional(Type.String({ pattern: '^(sql|(extension|agent):[A-Za-z0-9._-]{1,100})$' })),
        text: Type.String(),
      },
      closed,
    ),
    act: ({ body }) => ({
      action: 'statement.judge',
      project: body.project,
      target: body.route ?? 'sql',
      payload: body.text,
    }),
    answer: ({ context }, { body }) =>
      context.part('sentinel').ask('judgeStatement', {
        project: body.project,
        route: body.route ?? 'sql',
        text: body.text,
        // Whoever speaks here is the operator, who is never blocked: no address of the network.
        address: 'control-socket',
        requestId: randomUUID(),
      }),
  }),
];

/** Ids are UUIDs; anything else is none of ours. */
function idOf(text: string | undefined): string {
  if (text !== undefined && /^[0-9a-f-]{36}$/i.test(text)) return text.toLowerCase();
  throw new MagFlockError('MF310', `"${text ?? ''}" is no incident`, {
    fix: 'magflock threats lists them with their ids',
  });
}
