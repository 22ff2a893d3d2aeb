import type { ActorContext } from '../../../runtime/actor/actor-context.ts';
import type { ModelShelf, ReplicaFacts, ShadowFigures } from '../../../runtime/protocol/sentinel.protocol.ts';
import { Counter } from '../../../runtime/telemetry/counter.ts';
import { Gauge } from '../../../runtime/telemetry/gauge.ts';
import { agentName } from '../incidents/make-incident.ts';
import { type AgentState, agentState } from './agent-state.ts';
import { type JudgedMinute, JudgedWindow } from './judged-window.ts';
import type { ModelProblems } from './model-desk.ts';
import { ShadowTally } from './shadow-tally.ts';

/** What goes over in a hot swap. */
export interface KeptAgent {
  readonly shadow: ShadowFigures | null;
  readonly state: AgentState;
}

const states = ['ok', 'degraded', 'off'] as const;

/** Whether SQLGuard's models judge, as the replicas count it; said on every change, in status and metrics. */
export class AgentDesk {
  readonly #context: ActorContext;
  readonly #now: () => number;
  readonly #window = new JudgedWindow();
  readonly #judged: Counter;
  readonly #unjudged: Counter<'reason'>;
  readonly #shadowValues: Counter<'version'>;
  readonly #shadowDifferences: Counter<'version' | 'difference'>;
  readonly #stateGauge: Gauge<'agent' | 'state'>;
  #shadow = new ShadowTally();
  #models: ModelProblems = { none: 'the models are not loaded yet', faults: [], others: [] };
  #said: AgentState = { state: 'ok', problem: null };

  constructor(context: ActorContext, now: () => number) {
    this.#context = context;
    this.#now = now;
    const registers = [context.metrics];
    this.#judged = new Counter({
      name: 'magflock_sentinel_judged_values_total',
      help: 'Values that models judged.',
      registers,
    });
    this.#unjudged = new Counter({
      name: 'magflock_sentinel_unjudged_values_total',
      help: 'Values that models should have judged and did not, by reason.',
      labelNames: ['reason'],
      registers,
    });
    this.#shadowValues = new Counter({
      name: 'magflock_sentinel_shadow_values_total',
      help: 'Values that a version in shadow mode judged, too.',
      labelNames: ['version'],
      registers,
    });
    this.#shadowDifferences = new Counter({
      name: 'magflock_sentinel_shadow_differences_total',
      help: 'Values on which the version in shadow mode would have acted otherwise, by pair of actions.',
      labelNames: ['version', 'difference'],
      registers,
    });
    this.#stateGauge = new Gauge({
      name: 'magflock_sentinel_agent_state',
      help: '1 for the state an agent is in: ok, degraded, or off.',
      labelNames: ['agent', 'state'],
      registers,
      collect: () => {
        const { state } = this.state;
        for (const each of states)
          this.#stateGauge.set({ agent: agentName, state: each }, each === state ? 1 : 0);
      },
    });
  }

  get state(): AgentState {
    return agentState({
      wanted: this.#context.settings['sentinel.models'],
      models: this.#models,
      minute: this.minute,
    });
  }

  get minute(): JudgedMinute {
    return this.#window.minute(this.#now());
  }

  get shadow(): ShadowFigures | null {
    return this.#shadow.figures;
  }

  adopt({ shadow, state }: KeptAgent): void {
    this.#shadow = new ShadowTally(shadow);
    this.#said = state;
  }

  export(): KeptAgent {
    return { shadow: this.shadow, state: this.#said };
  }

  /** Which models judge from now on, and what is wrong with them. */
  models(shelf: ModelShelf | null, problems: ModelProblems): void {
    this.#models = problems;
    this.#shadow.follow(shelf?.shadow?.version ?? null, this.#now());
    this.look();
  }

  counted(facts: ReplicaFacts): void {
    this.#window.add(facts, this.#now());
    if (facts.judged > 0) this.#judged.inc(facts.judged);
    for (const [reason, values] of Object.entries(facts.unjudged)) {
      if (values > 0) this.#unjudged.inc({ reason }, values);
    }
    if (facts.shadow !== null && this.#shadow.add(facts.shadow)) {
      const { version, values, differences } = facts.shadow;
      this.#shadowValues.inc({ version }, values);
      for (const [difference, count] of Object.entries(differences)) {
        this.#shadowDifferences.inc({ version, difference }, count);
      }
    }
    this.look();
  }

  /** Says so when the state has changed since it was last said. */
  look(): void {
    const { state, problem } = this.state;
    const before = this.#said;
    this.#said = { state, problem };
    if (state === before.state) return;
    this.#context.events.emit('sentinel.agent.state', { agent: agentName, state, problem: problem ?? '' });
    if (state === 'ok') this.#context.log.info({ agent: agentName }, 'models judge again');
    else this.#context.log.warn({ agent: agentName, state, problem }, 'models do not judge everything');
  }
}
