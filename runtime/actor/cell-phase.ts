/**
 * - `waiting`: no incarnation; messages wait
 * - `starting`: `init` and `start` run; messages wait
 * - `started`: the replicas are brought up to date; messages wait, jobs of the runtime run
 * - `ready`: messages run
 * - `draining`: what waited when stop was asked is still run
 * - `ending`: it asked for its end; what runs is let end, messages wait
 * - `moved`: its actor lives in another thread now; senders have their messages back, nothing here runs
 * - `closed`: will not come back; messages are refused
 */
export type CellPhase =
  | 'waiting'
  | 'starting'
  | 'started'
  | 'ready'
  | 'draining'
  | 'ending'
  | 'moved'
  | 'closed';
