import { createHash } from 'node:crypto';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ControlState } from './control-state.ts';
import type { AdministrativeAct } from './define-route.ts';

/** Milliseconds the audit trail gets before an act is refused, or done without it. */
const patience = 5000;

export interface RecordOptions {
  readonly unaudited: 'refuse' | 'proceed';
  readonly requestId: string;
  /** Code of the error the act ended with; undefined before it is tried. */
  readonly failedWith?: string;
}

/**
 * Writes an administrative act into the audit trail before it is done, and again when it failed.
 * @throws MagFlockError of the audit part when it cannot and the act must not go unrecorded
 */
export async function recordAct(
  state: ControlState,
  act: AdministrativeAct,
  options: RecordOptions,
): Promise<void> {
  const failed = options.failedWith === undefined ? {} : { details: { failedWith: options.failedWith } };
  try {
    await state.context.part('audit').ask(
      'append',
      {
        kind: 'admin',
        project: act.project,
        action: options.failedWith === undefined ? act.action : `${act.action}.failed`,
        actor: 'control-socket',
        requestId: options.requestId,
        ...(act.target === undefined ? {} : { target: act.target }),
        ...(act.payload === undefined
          ? {}
          : { digest: createHash('sha256').update(act.payload).digest('hex') }),
        ...failed,
      },
      { timeoutMs: patience },
    );
  } catch (thrown) {
    const error = MagFlockError.from(thrown);
    state.context.log.error(
      { err: error, action: act.action, target: act.target },
      'act not in the audit trail',
    );
    if (options.unaudited === 'refuse') {
      throw new MagFlockError('MF607', `${act.action} was not done: the audit trail does not answer`, {
        fix: 'magflock status shows why; try again',
        cause: error,
      });
    }
  }
}
