/** Why an incarnation ended. */
export interface EndReason {
  readonly kind: 'normal' | 'shutdown' | 'crash' | 'killed' | 'unavailable';
  /** For people. */
  readonly detail: string;
  /** It stays down until somebody restarts it. */
  readonly quarantine?: true;
}

/** What a watcher is told, exactly once. */
export interface Terminated {
  readonly path: string;
  /** The life that ended; 0 when there was none. */
  readonly incarnation: number;
  readonly reason: EndReason;
}
