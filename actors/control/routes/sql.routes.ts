import { randomUUID } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { Type } from 'typebox';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { StatementVerdict } from '../../../runtime/protocol/sentinel.protocol.ts';
import type { ControlState } from '../control-state.ts';
import { defineRoute } from '../define-route.ts';
import { ndjsonStream } from '../ndjson-stream.ts';
import { fields } from './fields.ts';

/** SQL of an administrator has no time limit of ours; a day stands for none. */
const aDay = 24 * 3600 * 1000;
/** Milliseconds between two lines of progress. */
const progressEvery = 250;
/** Milliseconds that the patrol may take for a text. */
const patrolPatience = 10_000;

/** SQL as the project's owner, import of a file, exposure of a table. */
export const sqlRoutes = [
  defineRoute({
    method: 'post',
    path: '/sql',
    body: Type.Object(
      {
        project: fields.project,
        text: Type.String(),
        /** Judged by MagSentinel first, and not run when it looks like an attack. */
        guarded: Type.Optional(Type.Boolean()),
      },
      { additionalProperties: false },
    ),
    act: ({ body }) => ({ action: 'sql', project: body.project, payload: body.text }),
    async answer({ context }, { body: { project, text, guarded }, signal }) {
      const verdict = guarded === true ? await judged(context, project, text) : null;
      const results = await context
        .part('storage')
        .ask('sql', { project, text }, { timeoutMs: aDay, signal });
      return verdict === null ? { results } : { results, verdict };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/import',
    body: Type.Object(
      { project: fields.project, file: Type.String({ minLength: 1, maxLength: 4096 }) },
      { additionalProperties: false },
    ),
    act: ({ body }) => ({ action: 'import', project: body.project, target: body.file }),
    async answer({ context }, { body, signal }) {
      if (!isAbsolute(body.file)) {
        throw new MagFlockError('MF100', `body.file: "${body.file}" is not an absolute path`, {
          fix: 'the daemon has another working folder than you; give the whole path',
        });
      }
      const storage = context.part('storage');
      const lines = ndjsonStream();
      // Unlike an actor's timer this one belongs to the request and ends with it.
      const timer = setInterval(async () => {
        const progress = await storage.ask('importProgress', body).catch(() => null);
        if (progress !== null) lines.push(progress);
      }, progressEvery);
      // The last line ends the stream at once: progress that was asked for before may come with the same batch.
      const last = (line: object): void => {
        clearInterval(timer);
        lines.push(line);
        lines.end();
      };
      storage.ask('import', body, { timeoutMs: aDay, signal }).then(
        (result) => last({ done: true, ...result }),
        (thrown) => last({ error: MagFlockError.from(thrown).toEnvelope() }),
      );
      return lines.stream;
    },
  }),
  defineRoute({
    method: 'post',
    path: '/expose',
    body: Type.Object(
      {
        project: fields.project,
        table: fields.table,
        role: Type.Union([Type.Literal('anon'), Type.Literal('authenticated')]),
        operations: fields.operations,
        rowSecurity: Type.Optional(Type.Boolean()),
      },
      { additionalProperties: false },
    ),
    act: ({ body }) => ({
      action: 'table.expose',
      project: body.project,
      target: `${body.table} to ${body.role}: ${body.operations.join(', ')}`,
    }),
    answer: ({ context }, { body }) =>
      context.part('storage').ask('expose', { ...body, rowSecurity: body.rowSecurity }),
  }),
];

/**
 * What MagSentinel says of the text; null when nobody can judge it and that is to pass.
 * @throws MF301 when it looks like an attack, MF304 when nobody can judge it and that is to be refused
 */
async function judged(
  context: ControlState['context'],
  project: string,
  text: string,
): Promise<StatementVerdict | null> {
  let verdict: StatementVerdict;
  try {
    verdict = await context
      .part('sentinel')
      .ask(
        'judgeStatement',
        { project, route: 'sql', text, address: 'control-socket', requestId: randomUUID() },
        { timeoutMs: patrolPatience },
      );
  } catch (error) {
    context.log.warn({ err: error }, 'a guarded statement was not judged');
    const { 'sentinel.whenUnjudged': policy, 'sentinel.mode': mode } = context.settings;
    if (policy === 'open' || mode === 'simulate') return null;
    throw new MagFlockError('MF304', 'The text could not be judged, so nothing of it was run.', {
      cause: error,
    });
  }
  const { action, score, incident, why } = verdict;
  if (action !== 'block' && action !== 'escalate') return verdict;
  const details = { score: Number(score.toFixed(4)), why };
  if (incident === undefined) {
    throw new MagFlockError('MF304', 'The text could not be judged, so nothing of it was run.', { details });
  }
  throw new MagFlockError('MF301', 'The text looks like an attack, so nothing of it was run.', {
    fix: `magflock threat show ${incident} explains it; if it is right as it is, run it without --guarded`,
    details: { ...details, incident },
  });
}
