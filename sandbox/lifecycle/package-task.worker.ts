import { parentPort, workerData } from 'node:worker_threads';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { openPackage } from '../package/open-package.ts';
import { scanPackage } from '../package/scan-package.ts';
import { unpack } from '../package/unpack.ts';
import { verifyPackage } from '../package/verify-package.ts';
import type { PackageTask, PackageTaskOutcome } from './package-task.ts';

/** One task, then this thread ends. */
function carryOut(task: PackageTask): PackageTaskOutcome {
  try {
    const opened = openPackage(Buffer.from(task.bytes));
    if (task.kind === 'unpack') {
      unpack(opened, task.folder);
      return { kind: 'done', inspected: null };
    }
    const { signature, publisher, fingerprint, reasons, rotations } = verifyPackage(opened, task.trust);
    const inspected = {
      manifest: opened.manifest,
      publisher,
      trust: signature === 'core' || signature === 'signed' ? signature : 'unsigned',
      signature,
      signedBy: fingerprint,
      sha256: opened.sha256,
      digest: opened.digest,
      rotations,
      objection: reasons.length === 0 ? null : reasons.join(' '),
      findings: scanPackage(opened),
    } as const;
    return { kind: 'done', inspected };
  } catch (thrown) {
    return { kind: 'failed', error: MagFlockError.from(thrown).toEnvelope() };
  }
}

parentPort?.postMessage(carryOut(workerData as PackageTask));
