import type { ChildRecord } from './child-record.ts';
import type { ChildSpec, GroupSpec } from './child-spec.ts';
import type { SupervisorCore } from './supervisor-core.ts';

/** What a supervisor knows of one part. */
export interface SupervisedChild extends ChildRecord {
  readonly kind: 'part';
  /** A hot swap may give it another module. */
  spec: ChildSpec;
  /** Its place in the tree: `/group/part`. */
  readonly path: string;
  /** The group it is in; undefined under the machine itself. */
  readonly group: SupervisedGroup | undefined;
  /** Its failure fails the machine. */
  readonly required: boolean;
  /** Its mailbox makes senders wait for credits. */
  waits: boolean;
}

/** A supervisor under a supervisor. */
export interface SupervisedGroup extends ChildRecord {
  readonly kind: 'group';
  readonly spec: GroupSpec;
  readonly path: string;
  readonly group: SupervisedGroup | undefined;
  readonly required: boolean;
  readonly core: SupervisorCore<Supervised>;
}

export type Supervised = SupervisedChild | SupervisedGroup;
