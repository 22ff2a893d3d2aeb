import { dirname } from 'node:path';
import { findNodeInstaller, requiredMajor } from './find-node.js';

/**
 * Says that neither the running nor a pinned Node is new enough, in the form of all our errors (MF707).
 * @param {string} root
 * @returns {number} exit code 2: the user can mend it
 */
export function nodeTooOld(root) {
  const installer = findNodeInstaller(root);
  const elsewhere = `install Node ${requiredMajor} from https://nodejs.org`;
  const error = {
    code: 'MF707',
    message: `MagFlock needs Node ${requiredMajor} or newer, this is Node ${process.versions.node}`,
    details: {
      where: process.execPath,
      why: 'the Node that comes with MagFlock (npm package "node") is not set up: npm skipped its install script',
    },
    // Older and newer npm differ in how a script is allowed afterwards; running it works with all of them.
    fix:
      installer === undefined
        ? elsewhere
        : `(cd ${dirname(installer)} && node installArchSpecificPackage.js)    or ${elsewhere}`,
  };
  if (process.argv.includes('--json')) {
    process.stderr.write(`${JSON.stringify({ error })}\n`);
    return 2;
  }
  process.stderr.write(
    [
      `error[${error.code}]: ${error.message}`,
      `  where  ${error.details.where}`,
      `  why    ${error.details.why}`,
      `  fix    ${error.fix}`,
      '',
    ].join('\n'),
  );
  return 2;
}
