import type { QueryParams, RowRange } from '../../query/query-params.ts';
import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import type { MediaType } from './media-type.ts';
import type { Preferences } from './preferences.ts';

/** What is asked: the resource and what is done with it. */
export type RestAction =
  | { readonly kind: 'read'; readonly table: QualifiedName; readonly headersOnly: boolean }
  | {
      readonly kind: 'mutate';
      readonly table: QualifiedName;
      readonly mutation: 'create' | 'update' | 'delete' | 'single-upsert';
    }
  | { readonly kind: 'call'; readonly routine: QualifiedName; readonly method: 'GET' | 'HEAD' | 'POST' }
  | { readonly kind: 'inspect'; readonly schema: string; readonly headersOnly: boolean }
  /** OPTIONS. */
  | { readonly kind: 'table-info'; readonly table: QualifiedName }
  | { readonly kind: 'routine-info'; readonly routine: QualifiedName }
  | { readonly kind: 'root-info' };

/** A body after its type was looked at. */
export type Payload =
  /** Checked: an object, or objects with the same keys. `text` is the source as it came. */
  | {
      readonly kind: 'json';
      readonly text: string;
      readonly keys: ReadonlySet<string>;
      readonly many: boolean;
      readonly empty: boolean;
    }
  | {
      readonly kind: 'form';
      readonly pairs: readonly (readonly [string, string])[];
      readonly keys: ReadonlySet<string>;
    }
  /** JSON whose keys do not matter because `columns=` names them, or that goes to one unnamed parameter. */
  | { readonly kind: 'raw-json'; readonly text: string }
  /** text/plain, text/xml, application/octet-stream: `text`, or the bytes as PostgreSQL's hex. */
  | { readonly kind: 'raw'; readonly text: string };

/** A request of the PostgREST dialect, parsed; nothing was looked up in the schema but which schemas are exposed. */
export interface RestRequest {
  readonly action: RestAction;
  readonly schema: string;
  /** More than one schema is exposed: the answer says which one it was. */
  readonly negotiatedByProfile: boolean;
  readonly query: QueryParams;
  /** `limit`/`offset` of the top level within the Range header. */
  readonly topRange: RowRange;
  readonly preferences: Preferences;
  /** In the order of the caller's preference. */
  readonly accept: readonly MediaType[];
  readonly contentType: MediaType;
  readonly payload: Payload | undefined;
  /** `columns=`, else the keys of the payload. */
  readonly columns: ReadonlySet<string>;
  readonly method: string;
  /** Mounted path, decoded: `/films`. */
  readonly path: string;
}
