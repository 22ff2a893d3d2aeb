// Made from magflock.extension.json by `magflock ext`. Do not edit: change the manifest.
declare const manifest: {
  readonly "id": "magflock.slug";
  readonly "name": "slug";
  readonly "version": "1.0.0";
  readonly "description": "Fills a slug column from a title when a row is written without one.";
  readonly "extensionApi": 1;
  readonly "engine": ">=0.1.0";
  readonly "requiredComponents": readonly [];
  readonly "permissions": readonly [
    {
      readonly "capability": "db.read";
      readonly "scope": readonly [
        "*",
      ];
      readonly "reason": "Looks whether a slug is taken already, to append a number. Works without.";
      readonly "optional": true;
    },
  ];
  readonly "hooks": readonly [
    {
      readonly "when": "before";
      readonly "tables": readonly [
        "*",
      ];
      readonly "operations": readonly [
        "create",
        "update",
        "replace",
      ];
      readonly "timeoutMs": 500;
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
      readonly "from": {
        readonly "type": "string";
        readonly "minLength": 1;
        readonly "description": "Column of the title.";
        readonly "default": "title";
      };
      readonly "to": {
        readonly "type": "string";
        readonly "minLength": 1;
        readonly "description": "Column of the slug.";
        readonly "default": "slug";
      };
      readonly "maxLength": {
        readonly "type": "integer";
        readonly "minimum": 8;
        readonly "maximum": 200;
        readonly "description": "Most characters of a slug.";
        readonly "default": 80;
      };
      readonly "onUpdate": {
        readonly "type": "boolean";
        readonly "description": "Makes a new slug when the title changes. Links to the old one break.";
        readonly "default": false;
      };
    };
    readonly "required": readonly [
      "tables",
    ];
  };
};
export = manifest;
