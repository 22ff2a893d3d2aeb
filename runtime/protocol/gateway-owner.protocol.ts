/** The owner side of a gateway extension (MagGate): keeps the schema caches and pushes them to its replicas. */
export interface GatewayOwnerProtocol {
  /** Loads the project's catalogue and answers when every CPU thread has it. */
  activate(request: { readonly project: string }): {
    readonly version: number;
    readonly tables: number;
    readonly endpoints: number;
  };
}
