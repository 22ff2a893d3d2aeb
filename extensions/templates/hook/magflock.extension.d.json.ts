// Made from magflock.extension.json by `magflock ext`. Do not edit: change the manifest.
declare const manifest: {
  readonly "$schema": "./node_modules/@magflock/sdk/magflock.extension.schema.json";
  readonly "id": "acme.hello";
  readonly "name": "hello";
  readonly "version": "0.1.0";
  readonly "description": "Checks and tidies rows before they are written.";
  readonly "extensionApi": 1;
  readonly "engine": ">=0.1.0";
  readonly "requiredComponents": readonly [];
  readonly "permissions": readonly [];
  readonly "hooks": readonly [
    {
      readonly "when": "before";
      readonly "tables": readonly [
        "contacts",
      ];
      readonly "operations": readonly [
        "create",
        "update",
        "replace",
      ];
      readonly "timeoutMs": 100;
      readonly "onFailure": "refuse";
    },
  ];
};
export = manifest;
