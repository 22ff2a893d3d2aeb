/** One request of the attack simulation. Paths are relative to the project's base URL. */
export interface Trial {
  readonly kind: 'attack' | 'legitimate';
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Raw path and query, sent as it stands. `{table}` becomes a table of the project, when it has one. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly withKey: boolean;
}

/** What came of it. */
export interface TrialResult {
  readonly trial: Trial;
  readonly status: number;
  readonly code: string | undefined;
  readonly incident: string | undefined;
  readonly passed: boolean;
}
