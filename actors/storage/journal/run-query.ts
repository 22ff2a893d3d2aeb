import type { QueryRows, Statement } from '../../../runtime/protocol/storage.protocol.ts';

/** Runs one statement in the control database. @throws MF5xx */
export type RunQuery = (statement: Statement) => Promise<QueryRows>;
