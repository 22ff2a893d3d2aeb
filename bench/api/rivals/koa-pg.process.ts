import Router from '@koa/router';
import Koa from 'koa';
import pg from 'pg';

/**
 * The rival: what a good engineer writes by hand on a morning. Koa, a router, pg.Pool, prepared statements; no
 * key check, no guard, no audit, no row security. Started with `databaseUrl port poolSize`; says `listening`.
 */
const [databaseUrl, port, poolSize] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: databaseUrl, max: Number(poolSize) });
const router = new Router();

router.get('/api/item/:id', async (ctx) => {
  const found = await pool.query({
    name: 'by-key',
    text: 'select * from item where id = $1',
    values: [ctx.params['id']],
  });
  if (found.rows.length === 0) {
    ctx.status = 404;
    return;
  }
  ctx.body = { data: found.rows[0] };
});

router.get('/api/item', async (ctx) => {
  const from = String(ctx.query['id'] ?? '').replace('gte.', '');
  const limit = Number(ctx.query['limit'] ?? 100);
  const found = await pool.query({
    name: 'list',
    text: 'select * from item where id >= $1 order by id limit $2',
    values: [from, limit + 1],
  });
  const hasMore = found.rows.length > limit;
  ctx.body = { data: found.rows.slice(0, limit), meta: { limit, hasMore } };
});

const app = new Koa();
app.use(router.routes());
const server = app.listen({ port: Number(port), host: '127.0.0.1', reusePort: true }, () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 });
});
