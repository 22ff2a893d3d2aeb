import type { RequestRole } from './identity.protocol.ts';
import type { Plan, PlanResult } from './plan.protocol.ts';
import type { RequestContext } from './request-context.ts';

/** An answer that needs no database: the endpoint list, the OpenAPI document. */
export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Request as a gateway sees it: no key, no role name it could plan with; only what the identity may see. */
export interface GatewayRequest extends Omit<RequestContext, 'headers'> {
  /** Path below the mount, percent-encoded: `/track/5` for `/api/track/5`. */
  readonly mountedPath: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For answers that depend on what the caller may see (the endpoint list); never part of a plan. */
  readonly visibleAs: RequestRole;
  /** Conditions that a hook puts on every row besides, in the words of the dialect: `deleted_at=is.null`. */
  readonly filter?: string;
}

/** Who asks, for gateways that answer by themselves. */
export interface Caller {
  readonly role: RequestRole;
  /** JSON text of the claims. */
  readonly claims: string;
}

/** What the CPU calls of a mounted gateway, in its own thread. */
export interface GatewayReplica {
  /** Prefixes this gateway serves, for example `/api`. */
  readonly mounts: readonly string[];
  /** Error dialect of the prefix; `problem` is RFC 9457. */
  readonly dialect: 'problem';
  /** Parse and plan. Throws MagFlockError for what cannot be planned (unknown table, wrong filter). */
  plan(request: GatewayRequest, caller?: Caller | null): Plan | GatewayAnswer | Promise<Plan | GatewayAnswer>;
  /** A path that may be called without a key. A caller who has one is told by it all the same. */
  anonymous?(request: Pick<GatewayRequest, 'project' | 'method' | 'path' | 'mountedPath'>): boolean;
  /** Takes bodies of any text type, not JSON only. */
  readonly anyText?: boolean;
  /** Prefixes beyond `mounts` that come and go: the one this path is below, or undefined. */
  mounted?(path: string): string | undefined;
  /** Status, headers and body of a plan's result. */
  answer(request: GatewayRequest, plan: Plan, result: PlanResult): GatewayAnswer;
  /** A database error in the words of this gateway: names column and constraint, says the way out. */
  explain(request: GatewayRequest, plan: Plan, error: DatabaseErrorFacts): Error;
}

/** What PostgreSQL said about a failed statement (protocol fields of ErrorResponse). */
export interface DatabaseErrorFacts {
  readonly sqlstate: string;
  readonly message: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly schema: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly constraint: string | undefined;
  readonly dataType: string | undefined;
  /** Context; names the parameter (`unnamed portal parameter $2`) when a value did not fit. */
  readonly where: string | undefined;
  /** Position of that parameter, counted from 0, when `where` names one. */
  readonly parameter: number | undefined;
}
