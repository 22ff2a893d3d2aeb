/** What an expression of a configuration comes to. */
export type HaskellValue =
  | string
  | number
  | boolean
  /** `Nothing`. */
  | null
  | readonly HaskellValue[]
  | HaskellQualifiedName
  | HaskellUnknown;

export interface HaskellQualifiedName {
  readonly kind: 'qualified-name';
  readonly schema: string;
  readonly name: string;
}

/** A name that is defined elsewhere in the specification and not here. */
export interface HaskellUnknown {
  readonly kind: 'unknown';
  readonly name: string;
}

/** Whether the value, or anything in it, stands on a name that is not known here. */
export function isUnknownHaskellValue(value: HaskellValue): boolean {
  if (Array.isArray(value)) return value.some(isUnknownHaskellValue);
  return typeof value === 'object' && value !== null && (value as HaskellUnknown).kind === 'unknown';
}
