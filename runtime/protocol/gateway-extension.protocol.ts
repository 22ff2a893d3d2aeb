import type { MagFlockError } from '../errors/magflock-error.ts';
import type { ExtensionLog } from './extension.protocol.ts';
import type {
  DatabaseErrorFacts,
  GatewayAnswer,
  GatewayMount,
  GatewayRequest,
  RefusedRequest,
} from './gateway.protocol.ts';
import type { Plan, PlanResult } from './plan.protocol.ts';

export interface GatewayContext {
  readonly log: ExtensionLog;
  readonly config: Readonly<Record<string, string | number | boolean>>;
  /** Asks the extension's owner side to make a project's data present here. */
  activate(project: string): Promise<void>;
  /**
   * Seals a text that goes to a caller and comes back (a cursor): base64url of the first 16 bytes of an HMAC-SHA256
   * (RFC 2104). The key is PSU's; what one extension signed does not verify for another.
   */
  sign(text: string): string;
  /** Whether this is what `sign` gave for the text; in constant time. */
  verify(text: string, signature: string): boolean;
}

/**
 * The part of a gateway extension that runs in each CPU thread. Needs `http.mount` for its prefixes and
 * `query.plan`: it returns plans, the host executes them as the request's identity.
 */
export interface GatewayDefinition<State, Snapshot, Delta> {
  readonly mounts: readonly (string | GatewayMount)[];
  readonly dialect: 'problem';
  init(context: GatewayContext): State;
  applySnapshot(state: State, snapshot: Snapshot): void;
  applyDelta(state: State, delta: Delta): void;
  plan(state: State, request: GatewayRequest): Plan | GatewayAnswer | Promise<Plan | GatewayAnswer>;
  answer(state: State, request: GatewayRequest, plan: Plan, result: PlanResult): GatewayAnswer;
  explain(
    state: State,
    request: GatewayRequest,
    plan: Plan,
    error: DatabaseErrorFacts,
  ): Error | GatewayAnswer;
  /** See `GatewayReplica.refuse`. */
  refuse?(state: State, request: RefusedRequest, error: MagFlockError): GatewayAnswer | undefined;
  /** See `GatewayReplica.preflight`. */
  preflight?(
    state: State,
    request: RefusedRequest,
  ): GatewayAnswer | undefined | Promise<GatewayAnswer | undefined>;
}
