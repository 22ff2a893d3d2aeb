// Made from magflock.extension.json by `magflock ext`. Do not edit: change the manifest.
declare const manifest: {
  readonly "$schema": "./node_modules/@magflock/sdk/magflock.extension.schema.json";
  readonly "id": "acme.hello";
  readonly "name": "hello";
  readonly "version": "0.1.0";
  readonly "description": "Greets whoever asks.";
  readonly "extensionApi": 1;
  readonly "engine": ">=0.1.0";
  readonly "requiredComponents": readonly [];
  readonly "permissions": readonly [
    {
      readonly "capability": "http.route";
      readonly "scope": readonly [
        "*",
      ];
      readonly "reason": "Answers GET /ext/hello/hello/:who.";
    },
  ];
  readonly "routes": readonly [
    {
      readonly "method": "GET";
      readonly "path": "/hello/:who";
    },
  ];
  readonly "config": {
    readonly "type": "object";
    readonly "properties": {
      readonly "greeting": {
        readonly "type": "string";
        readonly "description": "Word that the answer begins with.";
        readonly "default": "Hello";
      };
    };
  };
};
export = manifest;
