import { requiredMajor } from './find-node.js';

/**
 * Says that neither the running nor a pinned Node is new enough, in the form of all our errors (MF707).
 * @param {string} root
 * @returns {number} exit code 2: the user can mend it
 */
export function nodeTooOld(root) {
  const error = {
    code: 'MF707',
    title: `MagFlock needs Node ${requiredMajor} or newer, this is Node ${process.versions.node}`,
    where: process.execPath,
    why: `npm skipped the install script of the Node that comes with ${root} (package "node")`,
    fix: `npm rebuild node --ignore-scripts=false    or install Node ${requiredMajor} from https://nodejs.org`,
  };
  if (process.argv.includes('--json')) {
    process.stderr.write(`${JSON.stringify({ error })}\n`);
    return 2;
  }
  process.stderr.write(
    [
      `error[${error.code}]: ${error.title}`,
      `  where  ${error.where}`,
      `  why    ${error.why}`,
      `  fix    ${error.fix}`,
      '',
    ].join('\n'),
  );
  return 2;
}
