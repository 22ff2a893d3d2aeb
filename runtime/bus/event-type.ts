import type { Static as StaticOf, TBoolean, TNumber, TObject, TProperties, TString } from 'typebox';

/**
 * The few schema types of the event catalogue, written as TypeBox writes them and typed by TypeBox. Importing
 * TypeBox itself costs 0.1 to 0.4 s in every thread; plain JSON Schema needs no import. A test holds both
 * against each other.
 */
export const Type = {
  String: (options: { readonly description?: string } = {}): TString =>
    ({ type: 'string', ...options }) as unknown as TString,
  Number: (options: { readonly description?: string } = {}): TNumber =>
    ({ type: 'number', ...options }) as unknown as TNumber,
  Boolean: (options: { readonly description?: string } = {}): TBoolean =>
    ({ type: 'boolean', ...options }) as unknown as TBoolean,
  Object: <P extends TProperties>(properties: P): TObject<P> =>
    ({ type: 'object', required: Object.keys(properties), properties }) as unknown as TObject<P>,
};

export type Static<T extends TObject> = StaticOf<T>;
