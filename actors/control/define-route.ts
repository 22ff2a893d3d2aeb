import type { Readable } from 'node:stream';
import type { Static, TObject } from 'typebox';
import type { ControlState } from './control-state.ts';

/** What an administrative act says of itself in the audit trail. */
export interface AdministrativeAct {
  /** `key.create`, `project.remove` … */
  readonly action: string;
  /** Project, or `system`. */
  readonly project: string;
  readonly target?: string;
  /** Text of which the trail keeps the digest only. */
  readonly payload?: string;
}

export interface RouteInput<Query, Body> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
}

export interface ControlRoute<Query extends TObject = TObject, Body extends TObject = TObject> {
  readonly method: 'get' | 'post' | 'delete';
  /** Below `/control/v1`, with `:parameters`. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: Body;
  /** Present on everything that changes something. */
  readonly act?: (input: RouteInput<Static<Query>, Static<Body>>) => AdministrativeAct;
  /**
   * What happens when the audit trail cannot take the entry: `refuse` (default) does not act; `proceed` acts,
   * since restart and stop must work while the database is down.
   */
  readonly unaudited?: 'refuse' | 'proceed';
  readonly status?: number;
  /** The body of the answer as an object, or a stream of NDJSON lines. */
  answer(state: ControlState, input: RouteInput<Static<Query>, Static<Body>>): Promise<object | Readable>;
}

/**
 * Declares a route of the control socket. Returns its argument with the input types put away, so that routes of
 * different inputs fit in one list.
 */
export function defineRoute<Query extends TObject, Body extends TObject>(
  route: ControlRoute<Query, Body>,
): ControlRoute {
  return route as unknown as ControlRoute;
}
