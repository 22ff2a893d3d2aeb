import Router from '@koa/router';
import Koa from 'koa';
import pg from 'pg';

/**
 * The rivals of the data API, written by hand: Koa, a router, pg.Pool, prepared statements, answers made by
 * PostgreSQL as JSON. Started with `databaseUrl port poolSize mode`; says the port it listens on.
 *
 * - `bare`: no key, no transaction, no row security: one query per request.
 * - `rls`: what row security asks of a hand-written server: a transaction with set_config of role and claims around
 *   the same query.
 */
const [databaseUrl, port, poolSize, mode] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: databaseUrl, max: Number(poolSize) });
const router = new Router();

interface Query {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

const identify = {
  name: 'identify',
  text: `select set_config('role', 'anon', true), set_config('request.jwt.claims', $1, true)`,
  values: ['{"role":"anon"}'],
};

async function run(query: Query): Promise<string> {
  const asked = { ...query, values: [...query.values] };
  if (mode === 'bare') return (await pool.query<{ body: string }>(asked)).rows[0]?.body ?? '[]';
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(identify);
    const found = await client.query<{ body: string }>(asked);
    await client.query('commit');
    return found.rows[0]?.body ?? '[]';
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

async function answer(ctx: Koa.Context, query: Query, status = 200): Promise<void> {
  const body = await run(query);
  ctx.status = status;
  ctx.type = 'application/json';
  ctx.body = body;
}

const after = (text: unknown): string => String(text ?? '').replace(/^\w+\./, '');
const rows = (select: string): string =>
  `select coalesce(json_agg(t), '[]')::text as body from (${select}) t`;

router.get('/item', async (ctx) => {
  const { id, album_id: album, limit, select } = ctx.query;
  if (album !== undefined) {
    await answer(ctx, {
      name: 'count',
      text: rows('select count(*) from item where album_id = $1'),
      values: [after(album)],
    });
  } else if (String(id).startsWith('eq.')) {
    await answer(ctx, {
      name: 'by-key',
      text: rows('select * from item where id = $1'),
      values: [after(id)],
    });
  } else if (String(select).includes('album(')) {
    await answer(ctx, {
      name: 'embed',
      text: rows(
        `select i.id, i.name, (select to_json(a) from (select id, title from album where id = i.album_id) a) as album
         from item i where i.id >= $1 order by i.id limit $2`,
      ),
      values: [after(id), limit],
    });
  } else {
    await answer(ctx, {
      name: 'list',
      text: rows('select * from item where id >= $1 order by id limit $2'),
      values: [after(id), limit],
    });
  }
});

router.post('/entry', async (ctx) => {
  const chunks: Buffer[] = [];
  for await (const chunk of ctx.req) chunks.push(chunk as Buffer);
  await answer(
    ctx,
    {
      name: 'insert',
      text: `with made as (insert into entry (name, price, note)
               select name, price, note from json_to_recordset($1::json) as r(name text, price numeric, note text)
               returning id)
             select coalesce(json_agg(made), '[]')::text as body from made`,
      values: [Buffer.concat(chunks).toString()],
    },
    201,
  );
});

const app = new Koa();
app.use(router.routes());
const server = app.listen({ port: Number(port), host: '127.0.0.1', reusePort: true }, () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 });
});
