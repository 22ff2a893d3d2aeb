import type { Server } from 'node:http';
import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import type { ControlArgs } from './control-args.ts';

/** Private state of one incarnation of the control part. */
export interface ControlState {
  readonly context: ActorContext;
  readonly args: ControlArgs;
  /** Address of the API once the daemon is ready. */
  url: string | null;
  adminUrl: string;
  stopping: boolean;
  readonly servers: Server[];
}
