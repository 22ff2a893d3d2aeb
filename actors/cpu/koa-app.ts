import Koa from 'koa';
import type { PipelineParts } from './pipeline-parts.ts';
import { routes } from './routes.ts';

/** The Koa application of one CPU thread. */
export function koaApp(parts: PipelineParts): Koa {
  const app = new Koa();
  app.on('error', (error: unknown) => parts.log.error({ err: error }, 'Koa reported an error'));
  app.use((context, next) => {
    // The respond stage writes to the socket itself; Koa must not write a second answer.
    context.respond = false;
    return next();
  });
  app.use(routes(parts).routes());
  return app;
}
