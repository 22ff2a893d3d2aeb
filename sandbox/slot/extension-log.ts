import type { ExtensionLog } from '../../runtime/protocol/extension.protocol.ts';
import type { Logger } from '../../runtime/telemetry/logger.ts';

/** The log as an extension gets it: four levels, nothing else of the logger. */
export function extensionLog(log: Logger): ExtensionLog {
  return {
    debug: (facts, message) => log.debug(facts, message),
    info: (facts, message) => log.info(facts, message),
    warn: (facts, message) => log.warn(facts, message),
    error: (facts, message) => log.error(facts, message),
  };
}
