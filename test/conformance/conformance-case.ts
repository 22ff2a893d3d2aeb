/** One case of a file, as the README of its data describes it. */
export interface ConformanceCase {
  readonly file: string;
  readonly line: number;
  readonly config: string;
  readonly name: string;
  readonly request: CaseRequest;
  readonly expect: CaseExpectation;
  /** An extension of PostgreSQL without which it cannot pass. */
  readonly needs?: string;
}

export interface CaseRequest {
  readonly method: string;
  readonly path: string;
  /** `{"$jwt": claims}` stands for a token of these claims. */
  readonly headers: readonly (readonly [string, string | { readonly $jwt: unknown }])[];
  readonly body: string;
}

export interface CaseExpectation {
  /** 200 when absent. */
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: readonly ExpectedHeader[];
}

export type ExpectedHeader =
  | { readonly name: string; readonly equals: string }
  | { readonly name: string; readonly absent: true };

/** What came back; repeated headers are joined by `, `. */
export interface ReceivedAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface CaseResult {
  readonly index: number;
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly ok: boolean;
  readonly received: ReceivedAnswer;
}

export interface ConformanceReport {
  readonly passed: number;
  readonly total: number;
  /** In the order of the file. */
  readonly cases: readonly CaseResult[];
}
