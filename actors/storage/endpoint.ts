/** Where a server is reached. Structured-cloneable: CPU threads get it from the owner. */
export interface Endpoint {
  /** Folder of a unix socket, or a host name. */
  readonly host: string;
  readonly port: number;
  /** As node-postgres takes it: false, true, or options of TLS. */
  readonly ssl: boolean | { readonly rejectUnauthorized: boolean };
  /** Host of a database URL that an ordinary client can use. */
  readonly publicHost: string;
}
