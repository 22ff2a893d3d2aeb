import Koa from 'koa';
import { Exchange } from './exchange.ts';
import type { FrontRequest } from './front-request.ts';
import type { PipelineParts } from './pipeline-parts.ts';
import { apiStages, runPipeline } from './request-pipeline.ts';
import { routes } from './routes.ts';

/** The Koa application of one CPU thread. */
export function koaApp(parts: PipelineParts): Koa {
  const app = new Koa();
  // What Koa reports here is a connection that broke; the stages answer everything else themselves.
  app.on('error', (error: unknown) =>
    parts.log.debug({ err: error }, 'a connection broke during its answer'),
  );
  const starts = ['/p/', ...parts.mounts.map((mount) => `${mount.prefix}/`)];
  app.use((context, next) => {
    // The respond stage writes to the socket itself; Koa must not write a second answer.
    context.respond = false;
    const request = context.req as FrontRequest;
    const target = request.toOriginForm();
    // Most requests are below a mounted prefix. The router would send them to the same pipeline too, but takes 3 to
    // 4 µs for it, more than any stage. A target that is no path (`*`) is served nowhere, and Koa throws at some.
    if (starts.some((start) => target.startsWith(start)) || target.charCodeAt(0) !== 47) {
      return runPipeline(parts, new Exchange(request, context.res), apiStages);
    }
    return next();
  });
  app.use(routes(parts).routes());
  return app;
}
