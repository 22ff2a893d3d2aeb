import type { ActorContext } from '../../../runtime/actor/actor-context.ts';
import { defineActor } from '../../../runtime/actor/define-actor.ts';
import type { PatrolAnswer, PatrolProtocol } from '../../../runtime/protocol/patrol.protocol.ts';
import { shippedVersion } from '../shelf/shipped-version.ts';
import { ModelSessions } from './model-sessions.ts';
import { onnxRuntime } from './onnx-runtime.ts';
import { TextJudge } from './text-judge.ts';

/** For tests: other models than those shipped. */
interface PatrolArgs {
  readonly models?: string;
}

interface Worker {
  readonly context: ActorContext;
  readonly sessions: ModelSessions;
  /** Why onnxruntime is not used. */
  readonly runtimeProblem: string | null;
  /** Why the models shipped were not loaded. */
  readonly shippedProblem: string | null;
}

/**
 * A worker of the patrol. It starts without models, too, and says so: the machine must boot when they are damaged,
 * and signatures go on.
 */
export const actor = defineActor<Worker, PatrolProtocol, PatrolArgs | undefined>({
  name: 'patrol',
  version: '1.0.0',
  async init(context, args) {
    const { problem } = await onnxRuntime();
    if (problem !== null) context.log.warn({ problem }, 'models are computed without onnxruntime');
    const sessions = new ModelSessions(context.log);
    let shippedProblem: string | null = null;
    try {
      await sessions.load((await shippedVersion(args?.models)).version);
    } catch (error) {
      shippedProblem = (error as Error).message;
      context.log.error({ err: error }, 'the models shipped do not load: signatures alone decide');
    }
    return { context, sessions, runtimeProblem: problem, shippedProblem };
  },
  stop: ({ sessions }) => sessions.close(),
  healthCheck({ sessions, runtimeProblem, shippedProblem }) {
    const versions = sessions.versions();
    const problem = sessions.problem() ?? (versions.length === 0 ? shippedProblem : null);
    const fix =
      'magflock sentinel status names the versions; magflock sentinel rollback takes the one before';
    if (problem !== null) return { status: 'degraded', summary: problem, fix };
    if (runtimeProblem !== null) {
      return { status: 'degraded', summary: `models run slower than they could: ${runtimeProblem}` };
    }
    return { status: 'ok', summary: `models ${versions.join(', ')}` };
  },
  getCapabilities: ({ sessions, runtimeProblem }) => [
    sessions.versions().length === 0 ? 'no models' : `models ${sessions.versions().join(', ')}`,
    runtimeProblem === null ? 'onnxruntime' : 'without onnxruntime',
  ],
  methods: {
    async judge({ sessions }, request, { signal }): Promise<PatrolAnswer> {
      const began = performance.now();
      const active = await sessions.active(request.active);
      const shadow = request.shadow === null ? undefined : sessions.ifLoaded(request.shadow);
      const judge = new TextJudge(active, shadow);
      const scores = await judge.judge(request.model, request.texts, signal, request.explainFrom);
      return {
        version: active.version.version,
        shadowVersion: shadow?.version.version ?? null,
        scores,
        tookMicros: Math.round((performance.now() - began) * 1_000),
      };
    },
    async prepare({ sessions }, { version }) {
      await sessions.load(version);
      return { ready: true };
    },
    async parse(_worker, { text }) {
      const { parseStatement } = await import('../statements/parse-statement.ts');
      return parseStatement(text);
    },
  },
});
