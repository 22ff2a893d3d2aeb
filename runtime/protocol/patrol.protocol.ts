import type { ReasonFeature } from './sentinel.protocol.ts';

/** Which model of an agent reads a text: single values, or whole statements. */
export type PatrolModel = 'values' | 'statements';

/** A set of models of one agent, in a folder with its card. */
export interface ModelVersion {
  /** `shipped-…` or a name given by the training; unique by content (begins of the files' SHA-256 in it). */
  readonly version: string;
  /** Absolute; holds `values.onnx`, `statements.onnx`, `card.json`. */
  readonly folder: string;
  /** SHA-256 of each model file as the card tells it; a worker loads nothing else. */
  readonly sha256: Readonly<Record<PatrolModel, string>>;
}

export interface PatrolRequest {
  readonly agent: 'sqlguard';
  readonly model: PatrolModel;
  /** To be used if it is loaded; a worker that has it not yet goes on with the last one and loads it beside. */
  readonly active: ModelVersion;
  readonly shadow: ModelVersion | null;
  readonly texts: readonly string[];
  /** From this score on a reason is worked out with the verdict. */
  readonly explainFrom: number;
}

/** What the models said of one text. */
export interface PatrolScore {
  /** Calibrated, 0 to 1: of the worst window. */
  readonly score: number;
  readonly shadow: number | null;
  readonly reason: {
    readonly features: readonly ReasonFeature[];
    readonly nearest: string | null;
    /** Buckets and statistics of the worst window, base64 (`actors/sentinel/learning`). */
    readonly read: string;
  } | null;
}

export interface PatrolAnswer {
  /** The version that judged. */
  readonly version: string;
  readonly shadowVersion: string | null;
  /** In the order of the texts; shorter when the asker cancelled: what is missing was not judged. */
  readonly scores: readonly PatrolScore[];
  /** Of this worker, in this request, microseconds. */
  readonly tookMicros: number;
}

/** What the parser of PostgreSQL says of a statement. */
export interface ParsedStatement {
  /** False when it does not parse, or is longer than 64 kB and was not tried. */
  readonly parsed: boolean;
  readonly problem: string | null;
  /** libpg-query's fingerprint: equal for statements that differ in constants only. */
  readonly fingerprint: string | null;
  /** Findings about its structure, by name (`constant-condition`, `further-statement`, …). */
  readonly oddities: readonly string[];
}

/** The patrol: inference workers, stateless but for the models they have loaded. */
export interface PatrolProtocol {
  /** Throws MF315 when no model can be loaded. */
  judge(request: PatrolRequest): PatrolAnswer;
  parse(request: { readonly text: string }): ParsedStatement;
  /** Loads a version in the worker that answers, and tells whether it works. Throws MF314. */
  prepare(request: { readonly version: ModelVersion }): { readonly ready: true };
}
