import type { PackageReview } from '../../../runtime/protocol/extensions.protocol.ts';

/** Something that a person should know before installing a package. Findings inform; the walls do the keeping. */
export type Finding = PackageReview['findings'][number];
