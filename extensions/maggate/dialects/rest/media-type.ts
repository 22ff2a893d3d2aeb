/** A media type that the dialect knows, or another one as its text. */
export type MediaType =
  | { readonly kind: 'any' }
  | { readonly kind: 'json' }
  | { readonly kind: 'geojson' }
  | { readonly kind: 'csv' }
  | { readonly kind: 'openapi' }
  | { readonly kind: 'form' }
  | { readonly kind: 'octet-stream' }
  | { readonly kind: 'text' }
  | { readonly kind: 'xml' }
  | { readonly kind: 'singular'; readonly nullsStripped: boolean }
  | { readonly kind: 'array-stripped' }
  | {
      readonly kind: 'plan';
      readonly for: MediaType;
      readonly format: 'json' | 'text';
      readonly options: readonly ('analyze' | 'verbose' | 'settings' | 'buffers' | 'wal')[];
    }
  | { readonly kind: 'other'; readonly name: string };
