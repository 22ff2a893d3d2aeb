import { isAbsolute } from 'node:path';
import { Type } from 'typebox';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { defineRoute } from '../define-route.ts';
import { ndjsonStream } from '../ndjson-stream.ts';
import { fields } from './fields.ts';

/** SQL of an administrator has no time limit of ours; a day stands for none. */
const aDay = 24 * 3600 * 1000;
/** Milliseconds between two lines of progress. */
const progressEvery = 250;

/** SQL as the project's owner, import of a file, exposure of a table. */
export const sqlRoutes = [
  defineRoute({
    method: 'post',
    path: '/sql',
    body: Type.Object({ project: fields.project, text: Type.String() }, { additionalProperties: false }),
    act: ({ body }) => ({ action: 'sql', project: body.project, payload: body.text }),
    answer: async ({ context }, { body, signal }) => ({
      results: await context.part('storage').ask('sql', body, { timeoutMs: aDay, signal }),
    }),
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
