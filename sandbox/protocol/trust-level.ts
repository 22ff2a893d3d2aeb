/**
 * How far an extension is trusted. `core`: signed by MagFlock itself. `signed`: by a publisher the operator trusts.
 * `unsigned`: let in by the operator without a signature. Levels never share a cage.
 */
export type TrustLevel = 'core' | 'signed' | 'unsigned';
