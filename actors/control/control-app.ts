import { randomUUID } from 'node:crypto';
import { Router } from '@koa/router';
import Koa from 'koa';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { problemDetails } from '../../runtime/errors/problem-details.ts';
import { authorizeCaller } from './authorize-caller.ts';
import type { ControlState } from './control-state.ts';
import type { ControlRoute } from './define-route.ts';
import { readInput } from './read-input.ts';
import { recordAct } from './record-act.ts';

const prefix = '/control/v1';

/**
 * The HTTP application of the control socket: token, route, input by schema, audit entry, answer. Errors are
 * problem details (RFC 9457).
 */
export function controlApp(state: ControlState, routes: readonly ControlRoute[]): Koa {
  const app = new Koa();
  app.silent = true;
  const router = new Router();
  for (const route of routes)
    router[route.method](prefix + route.path, (ctx) => answerRoute(state, route, ctx));

  app.use(async (ctx, next) => {
    const id = randomUUID();
    ctx.state['requestId'] = id;
    ctx.set('x-request-id', id);
    try {
      authorizeCaller(ctx.get('authorization'), state.args.token);
      await next();
      if (ctx.state['route'] === undefined) throw notFound(ctx.method, ctx.path);
    } catch (thrown) {
      const error = MagFlockError.from(thrown);
      if (error.definition.blame === 'system')
        state.context.log.error({ err: error, requestId: id }, 'control');
      ctx.status = error.status;
      ctx.type = 'application/problem+json';
      ctx.body = JSON.stringify(problemDetails(error, { requestId: id, path: ctx.path }));
    }
  });
  app.use(router.routes());
  return app;
}

async function answerRoute(state: ControlState, route: ControlRoute, ctx: Koa.Context): Promise<void> {
  ctx.state['route'] = route;
  const leaving = new AbortController();
  ctx.res.once('close', () => {
    if (!ctx.res.writableFinished) leaving.abort();
  });
  const input = {
    params: (ctx['params'] ?? {}) as Readonly<Record<string, string>>,
    query: readInput.query(route.query, new URLSearchParams(ctx.querystring)) as never,
    body: (await readInput.body(route.body, ctx.req)) as never,
    signal: leaving.signal,
  };
  const act = route.act?.(input);
  const occasion = {
    unaudited: route.unaudited ?? 'refuse',
    requestId: ctx.state['requestId'] as string,
  } as const;
  if (act !== undefined) await recordAct(state, act, occasion);
  try {
    const answer = await route.answer(state, input);
    ctx.status = route.status ?? 200;
    ctx.type = 'pipe' in answer ? 'application/x-ndjson' : 'application/json';
    ctx.body = 'pipe' in answer ? answer : JSON.stringify(answer);
  } catch (thrown) {
    if (act !== undefined) {
      const failedWith = MagFlockError.from(thrown).code;
      await recordAct(state, act, { ...occasion, unaudited: 'proceed', failedWith });
    }
    throw thrown;
  }
}

function notFound(method: string, path: string): MagFlockError {
  return new MagFlockError('MF104', `${method} ${path} is no address of the control socket`, {
    fix: 'actors/control/README.md lists them',
  });
}
