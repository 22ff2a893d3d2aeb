import { defineActor, type Methods } from '../../runtime/actor/define-actor.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ExtensionArguments } from './extension-arguments.ts';
import type { ExtensionProtocol } from './extension-protocol.ts';
import { RunningExtension } from './running-extension.ts';

type Call = Partial<Methods<RunningExtension, ExtensionProtocol>>;

/** Waits for what is under way: a start, or a swap. */
const waiting: Call = { call: (_extension, _request, call) => call.stash() };

/**
 * One extension: `idle` → `starting` → `active`, and from each of them `failed` or `quarantined`. Its behaviour says
 * what a call finds; everything else works in each state.
 */
export const actor = defineActor<RunningExtension, ExtensionProtocol, ExtensionArguments>({
  name: 'extension',
  version: '1.0.0',
  // The meter of the extension bounds its calls, and refuses instead of letting them wait.
  concurrency: 8_192,
  stash: { limit: 10_000 },
  init(context, args) {
    const running = new RunningExtension(context, args);
    args.attach(running);
    return running;
  },
  start: (extension) => extension.begin(),
  stop: (extension) => extension.retire(),
  inspect: (extension) => extension.facts(),
  methods: {
    /** Idle: the first call brings it to life. */
    call(extension, _request, call) {
      extension.wake();
      return call.stash();
    },
    start: async (extension) => {
      await extension.started();
      return null;
    },
    replace: async (extension, installed) => {
      await extension.replace(installed);
      return null;
    },
    retire: async (extension) => {
      await extension.retire();
      return null;
    },
    quarantine: async (extension, { reason }) => {
      await extension.quarantine(reason);
      return null;
    },
  },
  behaviours: {
    starting: waiting,
    swapping: waiting,
    active: { call: (extension, request, call) => extension.call(request, call) },
    failed: {
      call(extension, _request, call) {
        extension.wakeAgain();
        return call.stash();
      },
    },
    quarantined: {
      call(extension) {
        throw extension.refusal();
      },
    },
    retired: {
      call(extension) {
        throw new MagFlockError('MF607', `The extension ${extension.id} is being taken out of service.`);
      },
    },
  },
});
