import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { defineReplica } from '../../runtime/placement/define-replica.ts';
import type {
  ExtensionsReplica,
  ExtensionsTable,
  GuestResponse,
} from '../../runtime/protocol/extensions.protocol.ts';
import type { Caller, GatewayReplica, GatewayRequest } from '../../runtime/protocol/gateway.protocol.ts';
import { AskTogether } from './ask-together.ts';
import { guestAnswer } from './guest-answer.ts';
import { guestRequest } from './guest-request.ts';
import { hookStartMs } from './hook-start-ms.ts';
import { HookTable } from './hook-table.ts';
import { RouteTable } from './route-table.ts';

interface GateState {
  readonly hooks: HookTable;
  readonly routes: RouteTable;
  readonly api: ExtensionsReplica & GatewayReplica;
}

/** Extensions in a CPU thread: which hooks and routes there are, and the way to those who run them. */
export const replica = defineReplica<
  GateState,
  ExtensionsTable,
  ExtensionsTable,
  ExtensionsReplica & GatewayReplica
>({
  of: 'extensions',
  init(context) {
    const owner = context.part('extensions');
    const hooks = new HookTable();
    const routes = new RouteTable();
    const together = new AskTogether();

    const answer = async (request: GatewayRequest, caller: Caller | null | undefined) => {
      if (request.bytes !== undefined) throw new MagFlockError('MF103', 'The body is not valid UTF-8.');
      const found = routes.find(request.project, request.method, request.path);
      if (found === undefined) {
        throw new MagFlockError(
          'MF104',
          `No extension serves ${request.method} "${request.path.slice(0, 200)}".`,
        );
      }
      if ('allow' in found) {
        throw new MagFlockError('MF105', `${request.method} is not available here.`, {
          fix: `This path takes ${found.allow.join(', ')}.`,
          details: { allow: found.allow },
        });
      }
      const asked = {
        extension: found.route.extension,
        project: request.project,
        request: JSON.stringify(guestRequest(request, found, caller)),
        requestId: request.id,
      };
      const text = await owner.ask('request', asked, {
        timeoutMs: Math.max(1, request.deadline - Date.now()),
      });
      return guestAnswer(JSON.parse(text) as GuestResponse | null, found.route.public);
    };

    return {
      hooks,
      routes,
      api: {
        hooks: (project, table, operation, when) => hooks.find(project, table, operation, when),
        async callHook(hook, facts, deadline) {
          const { extension, when } = hook;
          const text = await together.run(() => {
            const left = Math.max(1, deadline - Date.now());
            const timeoutMs = Math.min(hook.timeoutMs, left);
            return owner.ask(
              'hook',
              {
                extension,
                when,
                project: facts.project,
                facts: JSON.stringify(facts),
                requestId: facts.requestId,
                timeoutMs,
              },
              // The owner keeps the deadline; this one is for an owner that is gone.
              { timeoutMs: Math.min(left, timeoutMs + hookStartMs) + 250 },
            );
          });
          return text === '{}' ? null : (JSON.parse(text) as unknown);
        },
        mounts: [{ prefix: '/ext', anyText: true }],
        dialect: 'problem',
        mounted: (path) => routes.mounted(path),
        anonymous({ project, method, path }) {
          const found = routes.find(project, method === 'HEAD' ? 'GET' : method, path);
          return found !== undefined && 'route' in found && found.route.public;
        },
        plan: answer,
        answer: () => {
          throw new TypeError('Routes of extensions have no plan.');
        },
        explain: (_request, _plan, error) => new MagFlockError('MF500', error.message),
      },
    };
  },
  applySnapshot(state, table) {
    state.hooks.set(table);
    state.routes.set(table);
  },
  applyDelta(state, table) {
    state.hooks.set(table);
    state.routes.set(table);
  },
  api: ({ api }) => api,
});
