import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import type { CallContext } from '../../runtime/actor/define-actor.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Grant } from '../../runtime/protocol/extensions.protocol.ts';
import type { InstalledExtension } from '../lifecycle/installed-extension.ts';
import type { LimitListener } from '../quota/extension-meter.ts';
import type { CallTag } from './call-tag.ts';
import { type Deployment, deploymentOf } from './deployment.ts';
import { EventFeed } from './event-feed.ts';
import type { ExtensionArguments } from './extension-arguments.ts';
import type { ExtensionCall, ExtensionProtocol } from './extension-protocol.ts';
import { grantedCapabilities } from './granted-capabilities.ts';
import type { GuestSession, SessionEnd, SessionOwner } from './guest-session.ts';
import { RestartPlan } from './restart-plan.ts';
import { ScheduleClock } from './schedule-clock.ts';
import { startSession } from './start-session.ts';
import { swapSessions } from './swap-sessions.ts';

type Phase = 'idle' | 'starting' | 'active' | 'swapping' | 'failed' | 'quarantined' | 'retired';

/** After a failed start calls are answered with its error for at least this long, milliseconds. */
const failedRetryMs = 250;

/** How long a call may take, and whether anybody waits for it still. */
type CallBounds = Pick<CallContext, 'deadline'> & Partial<Pick<CallContext, 'signal'>>;

/** One extension in service: its sessions one after the other, and what wakes them. */
export class RunningExtension {
  readonly #context: ActorContext;
  readonly #args: ExtensionArguments;
  readonly #plan = new RestartPlan();
  readonly #events: EventFeed;
  readonly #schedules: ScheduleClock;
  readonly #owner: SessionOwner;
  #deployment: Deployment;
  /** The version on its way in, while there is a swap. */
  #arriving: Deployment | undefined;
  #session: GuestSession | undefined;
  #phase: Phase = 'idle';
  #starting: Promise<void> | undefined;
  #failure: MagFlockError | undefined;
  #failedAt = 0;
  #idleTimer: (() => void) | undefined;

  constructor(context: ActorContext, args: ExtensionArguments) {
    const { installed, platform, record } = args;
    this.#context = context;
    this.#args = args;
    this.#deployment = this.#deploy(installed);
    this.#owner = {
      ended: (session, end) => this.#ended(session, end),
      undeclared: (session, capability, project) => this.#undeclared(session, capability, project),
      denied: (capability, project, message) => this.#denied(capability, project, message),
      log: (level, text) => context.log[level]({ extension: this.id }, record.log(level, text)),
    };
    this.#events = new EventFeed({
      events: context.events,
      installed: () => this.#deployment.installed,
      scopes: () => this.#deployment.broker.scopes('events.on'),
      deliver: (name, payload, project) => this.#feed('event', name, { payload }, project),
      dropped: (name) => this.#dropped(name),
    });
    this.#schedules = new ScheduleClock({
      timers: context.timers,
      now: platform.now,
      run: (name, at) => this.#schedule(name, at),
      skipped: (name, why) => this.#say('warn', `schedule ${name} is skipped: ${why}`),
    });
  }

  get id(): string {
    return this.#deployment.installed.id;
  }

  get installed(): InstalledExtension {
    return this.#deployment.installed;
  }

  facts(): ReturnType<ExtensionArguments['record']['facts']> {
    this.#session?.measure();
    return this.#args.record.facts();
  }

  /** Listens for what wakes it; called once, by the actor. */
  begin(): void {
    this.#args.record.countWith(this.#deployment.meter);
    const { wanted, reason } = this.#deployment.installed;
    if (wanted === 'quarantined') {
      this.#args.record.reason = reason ?? 'quarantined by the operator';
      this.#to('quarantined');
      return;
    }
    this.#args.record.reason = null;
    this.#args.record.state = 'idle';
    this.#listen();
  }

  // --- calls

  call({ entry, payload, project, requestId }: ExtensionCall, call: CallBounds): Promise<string> {
    const session = this.#session;
    if (session === undefined) {
      return Promise.reject(new MagFlockError('MF601', `The extension ${this.id} has ended.`));
    }
    const { now, callMs } = this.#args.platform;
    const tag: CallTag = { project, requestId, deadline: Math.min(call.deadline, now() + callMs) };
    // Only long calls are worth a signal of their own.
    return session.call({ entry, payload, tag, signal: entry === 'request' ? call.signal : undefined });
  }

  /** A call would run at once: it need not go through the mailbox of the actor, which is for those that must wait. */
  get takesAtOnce(): boolean {
    return this.#phase === 'active' && this.#session !== undefined;
  }

  // --- start

  /** Begins a start unless one is under way; whoever waits is run when that has ended. */
  wake(): void {
    void this.#start().catch(() => undefined);
  }

  /** After a start that failed: again, when its time has come. @throws MF660 of that start, before */
  wakeAgain(): void {
    const now = this.#args.platform.now();
    // A clock that is set back must not keep it out of service.
    const isSoon = this.#plan.wait(now) > 0 || Math.abs(now - this.#failedAt) < failedRetryMs;
    if (isSoon && this.#failure !== undefined) throw this.#failure;
    this.wake();
  }

  async started(): Promise<void> {
    if (this.#phase === 'quarantined') throw this.refusal();
    if (this.#session === undefined) await this.#start();
  }

  refusal(): MagFlockError {
    return new MagFlockError(
      'MF663',
      `The extension ${this.id} is in quarantine: ${this.#args.record.reason ?? 'no reason is known'}.`,
      { details: { extension: this.id } },
    );
  }

  #start(): Promise<void> {
    this.#starting ??= this.#load().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #load(): Promise<void> {
    const deployment = this.#deployment;
    this.#to('starting');
    await this.#pause(this.#plan.wait(this.#args.platform.now()));
    if (!this.#isStill('starting', deployment)) return;
    let session: GuestSession;
    try {
      session = await startSession(deployment, this.#args.platform, this.#owner);
    } catch (thrown) {
      if (!this.#isStill('starting', deployment)) return;
      throw this.#failed(MagFlockError.from(thrown));
    }
    // Meanwhile it was stopped, quarantined or replaced: this one is not wanted any more.
    if (!this.#isStill('starting', deployment)) return session.close();
    this.#enter(session);
  }

  get #isOut(): boolean {
    return this.#phase === 'quarantined' || this.#phase === 'retired';
  }

  #isStill(phase: Phase, deployment: Deployment): boolean {
    return this.#phase === phase && this.#deployment === deployment;
  }

  /** This session answers from now on. */
  #enter(session: GuestSession): void {
    const { record } = this.#args;
    this.#session = session;
    this.#failure = undefined;
    record.incarnation += 1;
    record.reason = null;
    const { id, version } = session.deployment.installed;
    record.note('started', `version ${version}, incarnation ${record.incarnation}`);
    this.#context.events.emit('extension.started', { id, version });
    this.#watchIdle();
    this.#to('active');
  }

  #failed(cause: MagFlockError): MagFlockError {
    const { record, platform } = this.#args;
    const error = new MagFlockError('MF660', `The extension ${this.id} does not start: ${cause.message}`, {
      details: { extension: this.id, cause: cause.code },
    });
    record.reason = cause.message;
    record.note('failed', cause.message);
    this.#say('error', `it does not start: ${cause.message}`);
    this.#context.events.emit('extension.failed', { id: this.id, reason: cause.message });
    if (cause.code === 'MF663') return this.#takeOut(cause.message);
    const next = this.#plan.next(platform.now());
    if (next.kind === 'quarantine') return this.#takeOut(`${next.reason}; the last: ${cause.message}`);
    this.#failure = error;
    this.#failedAt = platform.now();
    this.#to('failed');
    return error;
  }

  // --- ends

  #ended(session: GuestSession, end: SessionEnd): void {
    const { record, platform } = this.#args;
    const { installed, meter, limits } = session.deployment;
    const { reason, detail, cage } = end;
    // Who ended a cage is for the fleet to judge, which has seen all of its tenants: it refuses the guilty one.
    const blamed = cage === 'alive' && reason !== 'closed';
    record.note('ended', `${reason}: ${detail}`);
    this.#say('warn', `ended (${reason}${blamed ? '' : ', with its cage'}): ${detail}`);
    if (blamed) this.#accuse('extension.ended', null, `${reason}: ${detail}`, reason);
    if (blamed && reason === 'memory') meter.exceeded('memoryMegabytes', limits.memoryMegabytes);
    // One that is not in service yet fails its start or its swap.
    if (session !== this.#session) return;
    this.#session = undefined;
    if (this.#isOut) return;
    record.restarts += 1;
    if (blamed) {
      this.#context.events.emit('extension.failed', { id: installed.id, reason: `${reason}: ${detail}` });
      const next = this.#plan.next(platform.now());
      if (next.kind === 'quarantine') {
        this.#takeOut(`${next.reason}; the last: ${reason}, ${detail}`);
        return;
      }
    }
    // A swap goes on without it, and what waits for that goes to the new one.
    if (this.#phase === 'swapping') return;
    this.#to('idle');
    if (installed.manifest.startup === true) this.wake();
  }

  /** Ends the isolate for something it did; it starts again with the next call. */
  #restart(session: GuestSession, why: string): void {
    if (session.over) return;
    void this.#close(session);
    this.#ended(session, { reason: 'fault', detail: why, cage: 'alive' });
  }

  #undeclared(session: GuestSession, capability: string, project: string | null): void {
    const { security, platform } = this.#args;
    const reason = `it used ${capability}, which its manifest does not declare`;
    security.threat(this.id, project, 'undeclared-capability');
    this.#accuse('extension.ended', project, reason, capability);
    if (platform.onUndeclared === 'restart') {
      this.#restart(session, reason);
      return;
    }
    void this.#close(session);
    // A version that is only on its way in fails its swap; the one in service is not to blame.
    if (session.deployment === this.#deployment) this.#takeOut(reason);
  }

  #denied(capability: string, project: string | null, message: string): void {
    this.#args.record.note('denied', message, capability);
    this.#accuse('extension.denied', project, message, capability);
  }

  /** Told by the meter. */
  #exceeded(
    deployment: Deployment | undefined,
    { limit, value, max, policy }: Parameters<LimitListener>[0],
  ): void {
    const { id } = this;
    this.#args.record.note('limit', `${limit}: ${value} of ${max}, ${policy}`, `${limit} ${policy}`);
    this.#context.events.emit('extension.limit.exceeded', { id, limit, value, max, policy });
    if (policy === 'throttle' || deployment !== this.#deployment) return;
    const reason = `over its limit ${limit} of ${max}`;
    this.#accuse('extension.limit', null, `${reason}: ${policy}`, limit);
    if (policy === 'quarantine') this.#takeOut(reason);
    else if (this.#session !== undefined) this.#restart(this.#session, reason);
  }

  // --- swap, stop, quarantine

  async replace(installed: InstalledExtension): Promise<void> {
    if (this.#phase === 'quarantined') throw this.refusal();
    const { platform, record } = this.#args;
    const next = this.#deploy(installed);
    const before = this.#deployment;
    this.#arriving = next;
    let session: GuestSession;
    try {
      session = await swapSessions({
        start: () => startSession(next, platform, this.#owner),
        old: () => this.#session,
        hold: () => this.#to('swapping'),
        drainMs: platform.drainMs,
      });
      if (this.#isOut || this.#deployment !== before) {
        await session.close();
        throw new MagFlockError('MF660', 'It was taken out of service meanwhile.');
      }
    } catch (thrown) {
      await next.broker.close();
      if (this.#phase === 'swapping') this.#to(this.#session === undefined ? 'idle' : 'active');
      const { message } = MagFlockError.from(thrown);
      record.note('swap failed', `version ${installed.version}: ${message}`);
      throw new MagFlockError(
        'MF660',
        `Version ${installed.version} of ${this.id} does not take over: ${message}`,
        {
          details: { extension: this.id, version: installed.version },
          cause: thrown,
        },
      );
    } finally {
      this.#arriving = undefined;
    }
    const old = this.#session;
    this.#deployment = next;
    record.countWith(next.meter);
    record.note('replaced', `version ${before.installed.version} by ${installed.version}`);
    this.#plan.reset();
    this.#listen();
    this.#enter(session);
    void this.#leave(old, before);
  }

  /** Drains and ends it, with what it holds. Once; what comes then is refused. */
  async retire(): Promise<void> {
    if (this.#phase === 'retired') return;
    const quarantined = this.#phase === 'quarantined';
    const session = this.#session;
    this.#silence();
    this.#to('retired');
    this.#session = undefined;
    if (!quarantined) this.#args.record.state = 'disabled';
    await this.#leave(session, this.#deployment);
  }

  /** Ends it at once and keeps it ended. */
  async quarantine(reason: string): Promise<void> {
    const session = this.#session;
    this.#takeOut(reason, false);
    if (session !== undefined) await session.close();
  }

  /**
   * Puts other grants in force at once.
   * @returns true when what runs does not know of a capability it has got, since it was loaded without
   */
  regrant(grants: readonly Grant[]): boolean {
    // Also for what is on its way in: it was made ready with the grants of before.
    for (const deployment of [this.#deployment, this.#arriving]) {
      if (deployment === undefined) continue;
      deployment.installed = { ...deployment.installed, grants };
      deployment.broker.regrant(grants);
    }
    const loaded = this.#session?.capabilities;
    if (loaded === undefined) return false;
    return grantedCapabilities(this.installed, this.#args.platform.now()).some(
      (name) => !loaded.includes(name),
    );
  }

  #takeOut(reason: string, byItself = true): MagFlockError {
    if (this.#isOut) return this.refusal();
    const { record, quarantined } = this.#args;
    const session = this.#session;
    this.#session = undefined;
    this.#silence();
    record.reason = reason;
    record.note('quarantined', reason);
    this.#to('quarantined');
    if (session !== undefined) void this.#close(session);
    void this.#deployment.broker.close().catch((error: unknown) => this.#complain(error));
    // What an operator does is recorded and announced where it comes in.
    if (byItself) {
      this.#accuse('extension.quarantined', null, reason);
      this.#context.events.emit('extension.quarantined', { id: this.id, reason });
      quarantined(reason);
    }
    return this.refusal();
  }

  /** What was replaced or stopped ends its calls, then itself. */
  async #leave(session: GuestSession | undefined, { broker, home }: Deployment): Promise<void> {
    try {
      if (session !== undefined && !session.over) {
        await session.drained(this.#args.platform.drainMs);
        await session.enter('stop', {}, home).catch((error: unknown) => this.#complain(error));
        await session.close();
      }
      await broker.close();
    } catch (error) {
      this.#complain(error);
    }
  }

  async #close(session: GuestSession): Promise<void> {
    await session.close().catch((error: unknown) => this.#complain(error));
  }

  // --- what wakes it

  #listen(): void {
    this.#events.start();
    this.#schedules.start(this.#deployment.installed.manifest.schedules ?? []);
  }

  #silence(): void {
    this.#events.stop();
    this.#schedules.stop();
    this.#idleTimer?.();
  }

  async #schedule(name: string, at: Date): Promise<void> {
    const facts = { at: at.toISOString() };
    await Promise.all(
      this.#deployment.installed.projects.map((project) => this.#feed('schedule', name, facts, project)),
    );
  }

  /** A call that nobody outside waits for. It goes the way of all calls, so it also waits for a start. */
  async #feed(
    entry: 'event' | 'schedule',
    name: string,
    facts: Readonly<Record<string, unknown>>,
    project: string | null,
  ): Promise<void> {
    const self = this.#context.self as unknown as ActorRef<ExtensionProtocol>;
    const at = project ?? this.#deployment.home;
    const payload = JSON.stringify({ name, ...facts, project: at });
    const request: ExtensionCall = { entry, payload, project: at, requestId: null };
    try {
      await self.ask('call', request, { timeoutMs: this.#args.platform.callMs });
    } catch (error) {
      this.#say('error', `${entry} ${name}: ${MagFlockError.from(error).message}`);
    }
  }

  #dropped(name: string): void {
    const { record } = this.#args;
    record.droppedEvents += 1;
    if (record.droppedEvents % 100 === 1) this.#say('warn', `event ${name} is dropped: too many wait`);
  }

  /** An isolate that nobody calls is given back; the next call makes another. */
  #watchIdle(): void {
    const { platform } = this.#args;
    const session = this.#session;
    this.#idleTimer?.();
    if (session === undefined) return;
    const left = session.lastCall + platform.idleMs - platform.now();
    this.#idleTimer = this.#context.timers.after(Math.max(1_000, left), () => {
      if (session !== this.#session) return;
      const quiet = session.running === 0 && platform.now() - session.lastCall >= platform.idleMs;
      if (!quiet || this.#phase !== 'active' || this.installed.manifest.startup === true)
        return this.#watchIdle();
      this.#session = undefined;
      this.#args.record.note('idle', 'nobody called it');
      this.#to('idle');
      void session
        .enter('stop', {}, session.deployment.home)
        .catch((error: unknown) => this.#complain(error))
        .then(() => this.#close(session));
    });
  }

  // --- small things

  #deploy(installed: InstalledExtension): Deployment {
    let made: Deployment | undefined;
    const exceeded: LimitListener = (facts) => this.#exceeded(made, facts);
    made = deploymentOf(installed, this.#args.platform, exceeded);
    return made;
  }

  #to(phase: Phase): void {
    this.#phase = phase;
    const { record } = this.#args;
    if (phase === 'swapping') record.state = 'active';
    else if (phase !== 'retired') record.state = phase;
    if (phase === 'idle') this.#context.unbecome();
    else this.#context.become(phase);
    if (phase !== 'starting' && phase !== 'swapping') this.#context.unstash();
  }

  #pause(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#context.timers.after(milliseconds, resolve);
    });
  }

  #accuse(action: string, project: string | null, reason: string, about?: string): void {
    const { id, version, projects } = this.#deployment.installed;
    const what = about === undefined ? {} : { about };
    this.#args.security.write({ id, version, action, project, projects, reason, ...what });
  }

  /** A line of the host in the log of the extension. */
  #say(level: 'info' | 'warn' | 'error', text: string): void {
    this.#context.log[level]({ extension: this.id }, this.#args.record.log(level, text));
  }

  #complain(error: unknown): void {
    this.#context.log.warn({ err: error, extension: this.id }, 'the end of an extension was not in order');
  }
}
