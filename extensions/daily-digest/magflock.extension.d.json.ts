// Made from magflock.extension.json by `magflock ext`. Do not edit: change the manifest.
declare const manifest: {
  readonly "id": "magflock.daily-digest";
  readonly "name": "daily-digest";
  readonly "version": "1.0.0";
  readonly "description": "Runs a query every day and sends its rows as JSON to an address.";
  readonly "extensionApi": 1;
  readonly "engine": ">=0.1.0";
  readonly "requiredComponents": readonly [];
  readonly "permissions": readonly [
    {
      readonly "capability": "db.read";
      readonly "scope": readonly [
        "*",
      ];
      readonly "reason": "Runs the query you configure. Narrow it to its tables.";
    },
    {
      readonly "capability": "net.fetch";
      readonly "scope": readonly [
        "*",
      ];
      readonly "reason": "Sends to the address you configure. Narrow it to its host.";
    },
    {
      readonly "capability": "secrets.read";
      readonly "scope": readonly [
        "DIGEST_TOKEN",
      ];
      readonly "reason": "Signs in at that address.";
    },
    {
      readonly "capability": "files";
      readonly "scope": readonly [
        "*",
      ];
      readonly "reason": "Remembers which day was sent, so that none is sent twice.";
    },
  ];
  readonly "schedules": readonly [
    {
      readonly "name": "hourly";
      readonly "cron": "0 * * * *";
      readonly "timezone": "UTC";
    },
  ];
  readonly "config": {
    readonly "type": "object";
    readonly "properties": {
      readonly "query": {
        readonly "type": "string";
        readonly "minLength": 1;
        readonly "description": "SELECT whose rows are sent.";
      };
      readonly "url": {
        readonly "type": "string";
        readonly "minLength": 1;
        readonly "description": "Where they are sent: https://…";
      };
      readonly "title": {
        readonly "type": "string";
        readonly "description": "Heading of the digest.";
        readonly "default": "Daily digest";
      };
      readonly "hour": {
        readonly "type": "integer";
        readonly "minimum": 0;
        readonly "maximum": 23;
        readonly "description": "When it is sent.";
        readonly "default": 8;
      };
      readonly "timezone": {
        readonly "type": "string";
        readonly "description": "IANA name that the hour is meant in.";
        readonly "default": "UTC";
      };
      readonly "attempts": {
        readonly "type": "integer";
        readonly "minimum": 1;
        readonly "maximum": 5;
        readonly "description": "How often it is tried each hour, until three hours later.";
        readonly "default": 3;
      };
    };
    readonly "required": readonly [
      "query",
      "url",
    ];
  };
};
export = manifest;
