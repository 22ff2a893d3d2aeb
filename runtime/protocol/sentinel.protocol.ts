import type { JsonText } from './json-text.ts';
import type { ModelVersion } from './patrol.protocol.ts';

/** Where a value stood. `sql` is a whole statement: of an extension, an AI agent, or `magflock sql --guarded`. */
export type Surface = 'query' | 'body' | 'header' | 'path' | 'sql';

/** What is done about a verdict, from nothing to the worst. `escalate` blocks, too, and counts for blocking the address. */
export type Action = 'allow' | 'log' | 'throttle' | 'block' | 'escalate';

/** Confidence, from `none` to `critical`: allow, log, throttle, block, escalate, in that order. */
export type Band = 'none' | 'low' | 'medium' | 'high' | 'critical';

/** Facts of a request as the patrol sees them, before authentication. */
export interface InspectionFacts {
  readonly id: string;
  readonly project: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: JsonText | undefined;
  readonly body: string | undefined;
  readonly address: string;
  /**
   * Id of the key that the caller presented, when it is a right one; null for strangers. Only called when an incident
   * is made: looking at keys before authentication is for attribution, not for rights.
   */
  readonly keyId?: (() => string | null) | undefined;
  /** Absolute, milliseconds since the epoch: nobody waits for a verdict any longer. */
  readonly deadline?: number | undefined;
  /**
   * Id of the extension whose hook made this query or body of the caller's: only these are looked at, and the incident
   * is the extension's, not the caller's.
   */
  readonly extension?: string | undefined;
}

/** One of the features that raised a model's score. */
export interface ReasonFeature {
  /** A readable n-gram (`' or 0 = 0`), or the name of a statistic. Never text of the value beyond its tokens. */
  readonly feature: string;
  /** Its share of the score, 0 to 1. */
  readonly weight: number;
}

/** Why a verdict is what it is. */
export interface Explanation {
  readonly signature: { readonly name: string; readonly score: number; readonly reason: string } | null;
  readonly model: {
    readonly version: string;
    /** Calibrated, 0 to 1. */
    readonly score: number;
    readonly features: readonly ReasonFeature[];
    /** Family of attacks that is nearest, as the training named it. */
    readonly nearest: string | null;
  } | null;
  /** One sentence for people. */
  readonly why: string;
}

export interface Verdict {
  readonly action: Action;
  readonly band: Band;
  /** 0 to 1, higher is worse. */
  readonly score: number;
  /** Name of the signature that matched. */
  readonly signature: string | undefined;
  readonly surface: Surface | undefined;
  /** Where: `query.id`, `body.title`, `header.user-agent`, `path`. */
  readonly where: string | undefined;
  /** UUIDv7 when action is not `allow`. */
  readonly incident: string | undefined;
  readonly agent: string;
  /** Seconds; only with `throttle`, when the caller has used up what a minute allows: the request is refused with 429. */
  readonly retryAfter?: number;
  /** Why the models could not judge all of it; only where the policy refuses that (503). */
  readonly unjudged?: 'budget' | 'timeout' | 'queue' | 'worker' | 'model';
}

/** A value that signatures alone do not settle: neither plainly harmless nor blocked already. */
export interface UnsureValue {
  readonly surface: Surface;
  readonly where: string;
  /** As the application reads it: without the encoding of a URL, decoded in a body. */
  readonly text: string;
  readonly signature: { readonly name: string; readonly score: number } | undefined;
}

/** What the signatures found, and what is left for the models. */
export interface Inspection extends Verdict {
  readonly unsure: readonly UnsureValue[];
}

export interface Incident {
  readonly id: string;
  readonly project: string;
  readonly at: string;
  readonly agent: string;
  /** Name of the signature, or `model`. */
  readonly signature: string;
  readonly score: number;
  readonly band: Band;
  readonly action: Exclude<Action, 'allow'>;
  /** False in mode `simulate`, and for `log`: the request went on. */
  readonly enforced: boolean;
  readonly address: string;
  /** Id of the caller's key (never the key); null for strangers. */
  readonly keyId: string | null;
  /** False for what a page can make a browser send, and behind a proxy nobody told us of: it never blocks an address. */
  readonly counts: boolean;
  readonly surface: Surface;
  readonly where: string;
  readonly method: string;
  readonly path: string;
  /** SHA-256 of the value and its first characters made safe for a terminal; never the whole value. */
  readonly digest: string;
  readonly excerpt: string;
  readonly requestId: string;
  readonly explanation: Explanation;
  /** What the model read of the value (buckets and statistics, base64), for feedback; never the text. */
  readonly features: string | null;
  /** Further incidents of the same thread, blocked and counted like this one but not reported one by one. */
  readonly suppressed?: number;
}

/** A caller who is refused everything for a while: an address together with the key it used (or none). */
export interface AddressBlock {
  readonly id: string;
  readonly project: string;
  readonly address: string;
  /** null: requests of this address without a right key. */
  readonly keyId: string | null;
  readonly since: string;
  readonly until: string;
  /** Ids of the incidents that led to it. */
  readonly incidents: readonly string[];
  readonly reason: string;
}

export type FeedbackVerdict = 'false-alarm' | 'confirmed';

/** An incident with what people said of it. */
export interface Threat extends Incident {
  readonly feedback: {
    readonly verdict: FeedbackVerdict;
    readonly at: string;
    readonly note: string | null;
  } | null;
}

/** A statement to be judged before it runs. */
export interface StatementFacts {
  readonly project: string;
  /** Who sends it and from where: `extension:<id>`, `sql` (the operator in guarded mode), later `agent:<id>`. */
  readonly route: string;
  readonly text: string;
  /** Of the person or extension that is asked about, for the incident. */
  readonly address: string;
  readonly requestId: string;
}

export interface StatementVerdict extends Verdict {
  /** Of libpg-query; null where the statement does not parse or is too long for it. */
  readonly fingerprint: string | null;
  /** Whether this project and route have sent a statement of this shape before. */
  readonly known: boolean;
  readonly why: string;
}

/** Models of one agent as the owner knows them. */
export interface ModelShelf {
  readonly active: ModelVersion;
  readonly previous: ModelVersion | null;
  /** Judged beside the active one, and not acted on. */
  readonly shadow: ModelVersion | null;
  readonly candidates: readonly ModelVersion[];
}

/** What shadow mode found since it began. */
export interface ShadowFigures {
  readonly version: string;
  readonly since: string;
  readonly values: number;
  /** Values on which the two versions would have acted differently, by pair of actions: `allow → block`. */
  readonly differences: Readonly<Record<string, number>>;
}

export interface SentinelStatus {
  readonly mode: 'block' | 'simulate';
  readonly signatures: number;
  readonly incidents: number;
  /** Incidents that could not be written to the audit trail. */
  readonly unaudited: number;
  readonly blocks: number;
  readonly agents: readonly {
    readonly name: string;
    readonly facts: string;
    readonly models: ModelShelf | null;
    readonly shadow: ShadowFigures | null;
    /** What the agent does with values that its models could not judge. */
    readonly whenUnjudged: 'open' | 'closed';
    /** `off` is said aloud: models missing or damaged, workers dead. */
    readonly state: 'ok' | 'degraded' | 'off';
    readonly problem: string | null;
  }[];
}

/** MagSentinel, owner side. */
export interface SentinelProtocol {
  /** A verdict of a replica that was not `allow`: announced, audited, counted, kept; may block the address. */
  report(incident: Incident): { readonly accepted: boolean };
  /** What a replica could not have judged, or saw in shadow mode, since its last message. */
  counted(facts: ReplicaFacts): { readonly accepted: boolean };
  status(request: null): SentinelStatus;
  /** Newest first. */
  threats(request: { readonly project?: string; readonly limit?: number }): readonly Threat[];
  /** Throws MF310. */
  threat(request: { readonly id: string }): Threat;
  /** Throws MF310. What is said last counts. */
  feedback(request: {
    readonly id: string;
    readonly verdict: FeedbackVerdict;
    readonly note?: string;
  }): Threat;
  /** All that was said, for the training. */
  feedbackEntries(request: null): readonly FeedbackEntry[];
  blocks(request: { readonly project?: string }): readonly AddressBlock[];
  /** Lifts a block by its id, or all of an address. Every CPU thread knows before it answers. Throws MF311. */
  unblock(request: { readonly target: string }): readonly AddressBlock[];
  models(request: null): ModelShelf;
  /** Reads the candidates in the data folder anew; a damaged one is named. */
  rescan(request: null): ModelShelf;
  /** Makes a candidate the active one, without a request waiting. Throws MF312 unknown, MF313 worse, MF314 damaged. */
  promote(request: { readonly version: string }): ModelShelf;
  /** Back to the version before. Throws MF312 when there is none. */
  rollback(request: null): ModelShelf;
  /** Judges with this version, too, and compares; null ends it. Throws MF312, MF314. */
  shadow(request: { readonly version: string | null }): ModelShelf;
  /** Judges a whole statement: parser, fingerprints, model. Never throws for what is wrong with the statement. */
  judgeStatement(request: StatementFacts): StatementVerdict;
}

/** What somebody said of an incident, as the next training reads it. */
export interface FeedbackEntry {
  readonly incident: string;
  readonly verdict: FeedbackVerdict;
  readonly at: string;
  readonly surface: Surface;
  readonly address: string;
  readonly keyId: string | null;
  /** As in the incident; entries without are not told. */
  readonly features: string;
  /** Name of the signature that blocked by itself: that it was a false alarm says nothing of the model. */
  readonly blockedBy?: string | null;
}

/** Counts of one replica since its last message. */
export interface ReplicaFacts {
  readonly replica: string;
  /** Values that no model judged, by reason: `budget`, `timeout`, `queue`, `worker`, `model`. */
  readonly unjudged: Readonly<Record<string, number>>;
  readonly judged: number;
  readonly shadow: {
    readonly version: string;
    readonly values: number;
    readonly differences: Readonly<Record<string, number>>;
  } | null;
}

/** SQLGuard in a CPU thread. */
export interface SentinelReplica {
  /**
   * Signatures: pure and synchronous, before authentication. An incident is reported to the owner by the replica
   * itself.
   */
  inspect(facts: InspectionFacts): Inspection;
  /**
   * Models: after authentication, for what the signatures left, within the budget of values and bytes of a request.
   * Synchronous when the cache or the pre-filter settles all of it. Never throws: what cannot be judged follows the
   * policy of the agent.
   */
  judge(facts: InspectionFacts, unsure: readonly UnsureValue[]): Verdict | Promise<Verdict>;
  /** Whether the address has any block in this project: the cheap question of every request. */
  hasBlocks(project: string, address: string): boolean;
  /** The block that refuses this caller. Only asked when `hasBlocks`. */
  blockOf(project: string, address: string, keyId: string | null): AddressBlock | undefined;
}
