import type { JsonText } from './json-text.ts';

export type Surface = 'query' | 'body' | 'header' | 'path';

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
}

export interface Verdict {
  readonly action: 'allow' | 'log' | 'block';
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
}

export interface Incident {
  readonly id: string;
  readonly project: string;
  readonly at: string;
  readonly agent: string;
  readonly signature: string;
  readonly score: number;
  readonly action: 'log' | 'block';
  readonly address: string;
  readonly surface: Surface;
  readonly where: string;
  readonly method: string;
  readonly path: string;
  /** SHA-256 of the value and its first characters made safe for a terminal; never the whole value. */
  readonly digest: string;
  readonly excerpt: string;
  readonly requestId: string;
  /** Further incidents of the same thread, blocked and counted like this one but not reported one by one. */
  readonly suppressed?: number;
}

/** MagSentinel, owner side. */
export interface SentinelProtocol {
  /** A verdict of a replica that was not `allow`: announced, audited, counted. */
  report(incident: Incident): { readonly accepted: boolean };
  status(request: null): {
    readonly mode: 'block' | 'simulate';
    readonly signatures: number;
    readonly incidents: number;
    readonly agents: readonly { readonly name: string; readonly facts: string }[];
  };
}

/** SQLGuard's signature path in a CPU thread. Pure and synchronous: it never waits. */
export interface SentinelReplica {
  /** First match wins; an incident is reported to the owner by the replica itself. */
  inspect(facts: InspectionFacts): Verdict;
}
