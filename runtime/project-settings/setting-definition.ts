import type { TSchema } from 'typebox';

/** One setting of a project: what it may be, what it is when nobody says, and the words for people. */
export interface ProjectSettingDefinition {
  /** How a command line writes it: `list` as `a,b`, `json` as JSON only. */
  readonly kind: 'text' | 'list' | 'number' | 'boolean' | 'json';
  readonly schema: TSchema;
  readonly default: unknown;
  readonly help: string;
  /** What is allowed, as the end of "… has to be". */
  readonly allowed: string;
  /** A value that `set` could be given, in examples of errors. */
  readonly example: string;
  /** Why a value that fits the schema is refused all the same. */
  readonly refuse?: (value: never) => string | undefined;
  /** Never shown, neither in answers nor in errors. */
  readonly secret?: true;
}
