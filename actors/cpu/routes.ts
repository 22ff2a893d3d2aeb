import Router from '@koa/router';
import { Exchange } from './exchange.ts';
import type { FrontRequest } from './front-request.ts';
import { answerPage, pages } from './pages.ts';
import type { PipelineParts } from './pipeline-parts.ts';
import { apiStages, runPipeline } from './request-pipeline.ts';
import { receive } from './stages/01-receive.stage.ts';
import { inspect } from './stages/02-inspect.stage.ts';

/**
 * Every path of the public listener. All that is not a page of our own goes through the API pipeline, unknown
 * paths too: they are inspected before they are 404.
 */
export function routes(parts: PipelineParts): Router {
  const router = new Router({ sensitive: true, strict: true });
  for (const page of pages) {
    router.all(page.route, (context) => {
      const parameter: string = context.params['code'] ?? '';
      const answer = answerPage(page, parameter);
      const stages = page.inspected ? [receive, inspect, answer] : [receive, answer];
      return runPipeline(parts, new Exchange(context.req as FrontRequest, context.res), stages);
    });
  }
  router.all(/^/, (context) =>
    runPipeline(parts, new Exchange(context.req as FrontRequest, context.res), apiStages),
  );
  return router;
}
