import { MagFlockError } from '../errors/magflock-error.ts';
import { waitsFor } from './ask-chain.ts';
import type { Behaviour, Method } from './behaviour.ts';
import { CellLife } from './cell-life.ts';
import { type Handler, runAsynchronous, runHandler, runSynchronous } from './current-call.ts';
import { HandlerMessage } from './handler-message.ts';
import type { Job } from './mailbox.ts';
import { mailboxFull } from './mailbox-full.ts';
import type { Message } from './message.ts';
import { meterCall } from './meter-call.ts';
import { putAside } from './put-aside.ts';
import type { Runnable } from './run-queue.ts';
import { runningCalls } from './running-calls.ts';
import { stashSignal } from './stash-signal.ts';
import { threadMark } from './thread-mark.ts';
import { timerCall } from './timer-call.ts';
import type { TopicSubscriber } from './topic-subscriber.ts';
import { unanswered } from './unanswered.ts';

/**
 * The place of one actor in a thread: its mailbox, and its incarnation while it has one. Small: a thread may hold
 * a million. What few actors need is in `extras`.
 */
export class ActorCell extends CellLife implements Runnable {
  /** In the run queue or taking its turn. */
  #queued = false;

  /** A message arrived from a port: runs at once when the actor is idle, since nothing is above on the stack. */
  receive(message: Message): void {
    if (this.takesAtOnce) {
      this.#runNow(message);
      return;
    }
    if (message.chain !== undefined && this.#comesBack(message)) this.#runNow(message);
    // Credits are for parts; what comes for a child of policy `wait` waits in front of its mailbox.
    else if (this.parent !== undefined) this.enqueue(message);
    else if (this.#offer(message)) this.wake();
  }

  /** Nothing waits for it, and it may run one more. */
  get takesAtOnce(): boolean {
    return (
      this.stage === 'ready' &&
      !this.turning &&
      this.holds === 0 &&
      this.active < (this.behaviour as Behaviour).concurrency &&
      (this.box === undefined || (this.box.length === 0 && this.box.jobs === 0))
    );
  }

  /**
   * An event from a port, for an actor that takes it at once: nothing is above on the stack. Neither a job nor a
   * call is made for it, since one publication may have thousands of subscribers.
   * @param rejected told when a promise of the handler is rejected, while the actor is still taken
   * @returns what the handler returned; when it is a promise, the actor is taken until it has settled
   */
  handle(
    handler: (payload: never) => unknown,
    payload: unknown,
    rejected?: (error: unknown) => void,
  ): unknown {
    this.turning = true;
    this.active += 1;
    let result: unknown;
    meterCall.handlerBegins(this);
    try {
      result = runHandler(this, handler, payload);
      if (result instanceof Promise) {
        this.active += 1;
        const call = timerCall(this);
        this.awaiting = runningCalls.with(this.awaiting, call);
        const ended = () => this.#jobEnded(call, undefined);
        const failed = (error: unknown) => {
          if (rejected === undefined) ended();
          else if (this.#leaves(call)) {
            call.finish();
            rejected(error);
            this.#afterTurn();
          }
        };
        result.then(ended, failed);
      }
    } finally {
      meterCall.handlerEnds();
      this.active -= 1;
      this.turning = false;
      this.#afterTurn();
    }
    return result;
  }

  /** What was published to a subscriber in this actor, from a port: a message only where somebody sees one. */
  deliver(subscriber: TopicSubscriber, payload: unknown, from: string): void {
    const { own } = subscriber;
    if (own === undefined || own.awaits || !this.takesAtOnce || meterCall.sees(this)) {
      this.receive(subscriber.message(unanswered, payload, from));
      return;
    }
    const failed = (error: unknown) =>
      this.#settleFailure(subscriber.message(unanswered, payload, from), error, 0);
    try {
      const result = this.handle(subscriber.run, payload, failed);
      own.awaits = result instanceof Promise;
      this.handled += 1;
    } catch (error) {
      this.active += 1;
      failed(error);
      this.#afterTurn();
    }
  }

  #runNow(message: Message): void {
    this.turning = true;
    this.#run(message);
    this.turning = false;
    this.#afterTurn();
  }

  /** A message of an actor in the same thread: runs in a later turn, never inside its sender. */
  enqueue(message: Message): void {
    if (message.chain !== undefined && this.#comesBack(message)) {
      queueMicrotask(() => {
        if (this.#comesBack(message)) this.#runNow(message);
        else if (this.#offer(message)) this.wake();
      });
      return;
    }
    if (this.waits) {
      const { mailbox, waitRoom } = this;
      if (!waitRoom.hasRoom(mailbox.limit, mailbox.length)) {
        if (waitRoom.hold(message)) return;
        this.refuse(message, new MagFlockError('MF603', `too many messages wait for ${this.name}`));
        return;
      }
    }
    if (this.#offer(message)) this.wake();
  }

  /** Is it an ask made, directly or not, by a call that runs here and lets it in? It belongs to that call. */
  #comesBack(message: Message): boolean {
    return (
      this.definition?.reentrant === true &&
      runningCalls.all(this.awaiting).some((call) => waitsFor(call, message))
    );
  }

  /** Asks that were made in calls and wait here. */
  waitingAsks(): readonly Message[] {
    return this.box?.waiting(({ chain }) => chain !== undefined) ?? [];
  }

  /** @returns false when it does not wait any more */
  refuseWaiting(message: Message, error: MagFlockError): boolean {
    if (!message.queued) return false;
    this.box?.discard(message);
    this.refuse(message, error);
    return true;
  }

  /** Work of the runtime; runs between messages, before those that wait. */
  enqueueJob(job: Job): void {
    this.mailbox.addJob(job);
    this.wake();
  }

  /** A timer of the actor fired: a job, but not while the actor is suspended. */
  enqueueTimer(job: Job): void {
    if (this.holdsTimers) this.extras.heldTimers.push(job);
    else this.enqueueJob(job);
  }

  /** Nobody waits for it any more: a waiting message is not run, a running one is told. */
  cancel(message: Message): void {
    message.cancel();
    if (!message.queued) return;
    this.box?.discard(message);
    message.source.release(message.slot);
  }

  /** What was put aside is next, in the order in which it came. */
  unstash(): void {
    const stash = this.hasExtras?.stash;
    if (stash === undefined || stash.length === 0) return;
    this.mailbox.putBack(stash.splice(0));
    this.wake();
  }

  // --- facts

  /** A method as it is in place now. */
  method(name: string): Method | undefined {
    return this.table.get(name);
  }

  // --- turns

  /** Runs jobs and messages; see `RunQueue`. */
  turn(quantum: number): number {
    this.#queued = false;
    if (this.turning) return 0;
    this.turning = true;
    let ran = 0;
    const concurrency = this.behaviour?.concurrency ?? 1;
    while (this.active < concurrency && ran < quantum) {
      const mailbox = this.box;
      // Timers of `init` fire into a cell that is not ready yet; they wait like messages.
      if (mailbox !== undefined && mailbox.jobs > 0 && this.#runsJobs()) {
        ran += 1;
        this.#runJob(mailbox.takeJob() as Job);
        continue;
      }
      const open =
        (this.stage === 'ready' && this.holds === 0) || (this.stage === 'draining' && this.left-- > 0);
      const message = open ? mailbox?.takeMessage() : undefined;
      if (this.hasExtras !== undefined && this.hasExtras.held > 0) this.#admit();
      if (message === undefined) break;
      ran += 1;
      this.#run(message);
    }
    this.turning = false;
    this.#afterTurn();
    return ran;
  }

  /** What the state of the cell asks for after something has run. */
  #afterTurn(): void {
    if (this.stage === 'ending') {
      if (this.active === 0) this.endNow();
      else this.limitEnd();
      return;
    }
    const mailbox = this.box;
    if (this.active === 0 && this.hasExtras !== undefined) {
      const { quiet } = this.hasExtras;
      if (quiet.length > 0) for (const over of quiet.splice(0)) over();
      if (this.hasExtras.drained !== undefined && (this.left <= 0 || mailbox?.length === 0)) {
        this.hasExtras.drained();
        this.hasExtras.drained = undefined;
      }
    }
    if (mailbox === undefined) return;
    if (mailbox.length > 0 || mailbox.jobs > 0) this.wake();
    else if (this.parent !== undefined) {
      this.box = undefined;
      if (this.host.spareMailboxes.length < 1_024) this.host.spareMailboxes.push(mailbox);
    }
  }

  protected wake(): void {
    if (this.#queued || this.turning) return;
    const concurrency = this.behaviour?.concurrency ?? 1;
    if (this.active >= concurrency) return;
    const runs =
      (this.stage === 'ready' && this.holds === 0) ||
      (this.stage === 'draining' && this.left > 0) ||
      ((this.box?.jobs ?? 0) > 0 && this.#runsJobs());
    if (!runs) return;
    this.#queued = true;
    this.host.runQueue.add(this);
  }

  #offer(message: Message): boolean {
    if (this.stage === 'moved') return false;
    const closed = this.hasExtras?.closed;
    if (closed !== undefined) {
      this.refuse(message, closed());
      return false;
    }
    const { mailbox } = this;
    const refusal = meterCall.refusal(this, message);
    if (refusal !== undefined) {
      this.refuse(message, refusal);
      return false;
    }
    const gone = mailbox.offer(message);
    for (const each of gone) this.refuse(each, mailboxFull(this, mailbox));
    if (gone[0] === message) return false;
    if (message.chain !== undefined) this.host.chains.watch(this);
    return true;
  }

  #admit(): void {
    for (;;) {
      const message = this.waitRoom.next(this.mailbox.limit, this.mailbox.length);
      if (message === undefined) return;
      this.#offer(message);
    }
  }

  #runsJobs(): boolean {
    return (
      this.stage === 'ready' ||
      this.stage === 'started' ||
      this.stage === 'draining' ||
      // What runs may wait for one.
      (this.stage === 'ending' && this.active > 0) ||
      // Between two incarnations nothing may touch the state, but what is asked of the runtime must end.
      this.stage === 'moved'
    );
  }

  #runJob(job: Job): void {
    const call = timerCall(this);
    this.active += 1;
    try {
      const result = threadMark.run(this, 'timer', () => runAsynchronous(call, job as Handler, undefined));
      if (result instanceof Promise) {
        this.awaiting = runningCalls.with(this.awaiting, call);
        result.then(
          () => this.#jobEnded(call, undefined),
          (error: unknown) => this.#jobEnded(call, error),
        );
        return;
      }
      this.active -= 1;
    } catch (error) {
      this.active -= 1;
      this.host.failed(this, 'timer', error);
    }
    call.finish();
  }

  #jobEnded(call: Message, error: unknown): void {
    call.finish();
    if (error !== undefined) this.host.failed(this, 'timer', error);
    if (!this.#leaves(call)) return;
    this.active -= 1;
    this.#afterTurn();
  }

  /** @returns false for a call of an incarnation that was given up */
  #leaves(call: Message): boolean {
    if (!runningCalls.has(this.awaiting, call)) return false;
    this.awaiting = runningCalls.without(this.awaiting, call);
    return true;
  }

  #run(message: Message): void {
    const { source, slot } = message;
    if (message.cancelled || (message.asked && message.deadline <= Date.now())) {
      source.release(slot);
      return;
    }
    // One that comes out of the stash has started already, and its slot may be another's by now.
    if (!message.begun) {
      message.begun = true;
      source.started(slot);
    }
    const method = this.table.get(message.method) ?? HandlerMessage.methodOf(message);
    if (method === undefined) {
      message.finish();
      this.refuse(message, new MagFlockError('MF605', `${this.name} has no method ${message.method}`));
      return;
    }
    if (this.hasExtras?.gate?.takes(message) === true) {
      message.finish();
      return;
    }
    this.active += 1;
    const at = meterCall.begin(this, message, method);
    let result: unknown;
    try {
      result = method.awaits
        ? runAsynchronous(message, method.run, this.current)
        : runSynchronous(message, method.run, this.current);
    } catch (error) {
      meterCall.turned(this, at);
      this.#settleFailure(message, error, at);
      return;
    }
    meterCall.turned(this, at);
    if (result instanceof Promise) {
      method.awaits = true;
      this.awaiting = runningCalls.with(this.awaiting, message);
      result.then(
        (value: unknown) => {
          if (!this.#leaves(message)) return;
          this.#settle(message, value, at);
          this.#afterTurn();
        },
        (error: unknown) => {
          if (!this.#leaves(message)) return;
          this.#settleFailure(message, error, at);
          this.#afterTurn();
        },
      );
      return;
    }
    this.#settle(message, result, at);
  }

  #settle(message: Message, value: unknown, at: number): void {
    this.active -= 1;
    this.handled += 1;
    message.finish();
    meterCall.settled(this, at, message);
    const gate = this.hasExtras?.gate;
    if (gate === undefined) message.source.reply(message.slot, value);
    else gate.reply(message, value);
  }

  #settleFailure(message: Message, error: unknown, at: number): void {
    this.active -= 1;
    if (error === stashSignal) {
      const full = putAside(this, message);
      if (full !== undefined) this.refuse(message, full);
      return;
    }
    this.handled += 1;
    this.failed += 1;
    message.finish();
    meterCall.settled(this, at, message, error);
    const known = MagFlockError.from(error);
    const defect = known.code === 'MF699';
    if (defect) this.host.failed(this, message.method, error);
    this.refuse(message, known);
    if (defect && this.definition?.onFailure === 'crash') {
      this.exit({ kind: 'crash', detail: `${message.method}: ${known.message}` });
    }
  }

  protected refuse(message: Message, error: MagFlockError): void {
    const gate = message.begun ? this.hasExtras?.gate : undefined;
    if (gate === undefined) message.source.fail(message.slot, error);
    else gate.fail(message, error);
    if (!message.asked) this.host.lost(this, message, error);
  }
}
