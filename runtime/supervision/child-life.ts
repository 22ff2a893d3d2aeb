/** How a life ended without being asked to. */
export interface ChildEnd {
  readonly reason: 'normal' | 'shutdown' | 'crash';
  /** For people. */
  readonly detail: string;
  /** It is to stay down until somebody restarts it, whatever its restart type. */
  readonly quarantine?: true | undefined;
}

/**
 * What a supervisor can do to a child, whatever it is: an actor in a thread, a spawned actor, another supervisor.
 * After `stop` or `kill` has resolved nothing of it runs, even when a `start` had not settled.
 */
export interface ChildLife {
  /**
   * Begins an incarnation; resolves when it is ready. When it rejects, nothing of it is left.
   * @param again not the first one of this run of its supervisor
   */
  start(incarnation: number, again: boolean): Promise<void>;
  /**
   * Asks it to end. A child whose supervisor keeps no budget for it (`stopMs`) ends itself by force and says so.
   * @param again it will be started anew: who writes to it waits
   */
  stop(again: boolean): Promise<'stopped' | 'killed'>;
  /** Ends it without asking. */
  kill(): Promise<void>;
}
