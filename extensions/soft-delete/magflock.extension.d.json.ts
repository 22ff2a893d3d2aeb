// Made from magflock.extension.json by `magflock ext`. Do not edit: change the manifest.
declare const manifest: {
  readonly "id": "magflock.soft-delete";
  readonly "name": "soft-delete";
  readonly "version": "1.0.0";
  readonly "description": "Turns deletes into a mark on the row and hides marked rows from the data API.";
  readonly "extensionApi": 1;
  readonly "engine": ">=0.1.0";
  readonly "requiredComponents": readonly [];
  readonly "permissions": readonly [];
  readonly "hooks": readonly [
    {
      readonly "when": "before";
      readonly "tables": readonly [
        "*",
      ];
      readonly "operations": readonly [
        "list",
        "read",
        "create",
        "update",
        "replace",
        "delete",
      ];
      readonly "timeoutMs": 100;
      readonly "onFailure": "refuse";
    },
  ];
  readonly "config": {
    readonly "type": "object";
    readonly "properties": {
      readonly "tables": {
        readonly "type": "string";
        readonly "minLength": 1;
        readonly "description": "Tables, separated by commas: posts,pages";
      };
      readonly "column": {
        readonly "type": "string";
        readonly "minLength": 1;
        readonly "description": "Column of the mark, a timestamp that may be null.";
        readonly "default": "deleted_at";
      };
    };
    readonly "required": readonly [
      "tables",
    ];
  };
};
export = manifest;
