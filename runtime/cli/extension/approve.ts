import { MagFlockError } from '../../errors/magflock-error.ts';
import type { PermissionQuestion } from '../../protocol/extensions.protocol.ts';
import type { CommandContext } from '../command-context.ts';
import type { ApprovedPermission } from './approved-permission.ts';
import { readApproval } from './read-approval.ts';
import { questionLine } from './show-review.ts';

/**
 * The operator's answer to what an extension asks for: from `--approve <file>`, from `--yes`, or from the terminal,
 * all at once or one by one.
 * @param sha256 of the package
 * @throws MF669 when nobody can be asked or a required permission is refused, MF807 when the answer is no
 */
export async function approve(
  context: CommandContext,
  questions: readonly PermissionQuestion[],
  sha256?: string,
): Promise<readonly ApprovedPermission[]> {
  const { flags, ask, output } = context;
  const file = flags.value('approve');
  if (file !== undefined) return readApproval(file, sha256);
  const all = questions.map(({ capability, scope }) => ({ capability, scope }));
  if (questions.length === 0 || flags.has('yes')) return all;
  for (;;) {
    const answer = await ask(`Allow all of this? yes, no, or each one by one: `);
    if (answer === undefined) {
      throw new MagFlockError(
        'MF669',
        'the extension asks for permissions and there is no terminal to ask on',
        {
          fix: 'magflock ext review <file> --json > approve.json, read it, then --approve approve.json; --yes approves all of it',
        },
      );
    }
    if (/^y(es)?$/i.test(answer)) return all;
    if (/^n(o)?$/i.test(answer)) throw new MagFlockError('MF807', 'cancelled; nothing was changed');
    if (/^(e(ach)?|o(ne)?)$/i.test(answer)) break;
  }
  const approved: ApprovedPermission[] = [];
  for (const question of questions) {
    const answer = (await ask(`${questionLine(question, output)}\nAllow it? yes or no: `)) ?? 'no';
    if (/^y(es)?$/i.test(answer)) approved.push({ capability: question.capability, scope: question.scope });
    else if (!question.optional) {
      throw new MagFlockError('MF807', 'cancelled: it does not work without that; nothing was changed');
    }
  }
  return approved;
}
