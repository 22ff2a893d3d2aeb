import { admit } from './admit.ts';
import type { Exchange } from './exchange.ts';
import { answerLastResort } from './last-resort.ts';
import type { PipelineParts } from './pipeline-parts.ts';
import { receive } from './stages/01-receive.stage.ts';
import { inspect } from './stages/02-inspect.stage.ts';
import { authenticate } from './stages/03-authenticate.stage.ts';
import { judge } from './stages/04-judge.stage.ts';
import { plan } from './stages/05-plan.stage.ts';
import { beforeHooks } from './stages/06-before-hooks.stage.ts';
import { execute } from './stages/07-execute.stage.ts';
import { afterHooks } from './stages/08-after-hooks.stage.ts';
import { answerError, respond } from './stages/09-respond.stage.ts';
import { announce } from './stages/10-announce.stage.ts';

/** A stage waits only when it must; a read without a body waits once, for the database. */
export type Stage = (parts: PipelineParts, exchange: Exchange) => void | Promise<void>;

/**
 * An API request, from socket to answer. Read this first.
 *
 * ```
 * receive       socket → context (id, trace, project, client, body)      what is wrong waits for admit
 * inspect       facts → verdict; blocked callers                         403
 * admit         refusals of receive, preflights, unknown paths           400 404 405 408 413 414 415 417
 * authenticate  key → identity handle                                    401
 * judge         values signatures left open → verdict of the models    403 429 503
 * plan          request → plan, scopes of the key                        400 403 404 405 422
 * before hooks  operation → refused, changed or as it was               4xx
 * execute       plan + handle → JSON made by PostgreSQL                  403 404 409 422 503 504
 * after hooks   answer → enriched
 * respond       answer or error → status, headers, bytes                 304
 * announce      metrics, log, the sealer's wake-up; after the answer
 * ```
 */
export const apiStages: readonly Stage[] = [
  receive,
  inspect,
  admit,
  authenticate,
  judge,
  plan,
  beforeHooks,
  execute,
  afterHooks,
];

/**
 * Runs stages until one has the answer (or throws, which is an answer too), then responds and announces. Always
 * settles, never rejects.
 */
export async function runPipeline(
  parts: PipelineParts,
  exchange: Exchange,
  stages: readonly Stage[],
): Promise<void> {
  parts.inFlight.begin(exchange);
  try {
    try {
      for (const stage of stages) {
        const pending = stage(parts, exchange);
        if (pending !== undefined) await pending;
        if (exchange.abandoned) return;
        exchange.marks[exchange.marked++] = performance.now();
        if (exchange.answer !== undefined && stage !== execute) break;
      }
    } catch (thrown) {
      if (exchange.context === undefined) throw thrown;
      if (exchange.abandoned) return;
      answerError(exchange, thrown);
    }
    const responding = respond(parts, exchange);
    if (responding !== undefined) await responding;
    announce(parts, exchange);
  } catch (thrown) {
    answerLastResort(parts, exchange, thrown);
  } finally {
    parts.inFlight.end(exchange);
  }
}
