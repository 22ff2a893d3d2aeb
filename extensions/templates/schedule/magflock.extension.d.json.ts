// Made from magflock.extension.json by `magflock ext`. Do not edit: change the manifest.
declare const manifest: {
  readonly "$schema": "./node_modules/@magflock/sdk/magflock.extension.schema.json";
  readonly "id": "acme.hello";
  readonly "name": "hello";
  readonly "version": "0.1.0";
  readonly "description": "Counts the rows of a table every night and keeps the counts.";
  readonly "extensionApi": 1;
  readonly "engine": ">=0.1.0";
  readonly "requiredComponents": readonly [];
  readonly "permissions": readonly [
    {
      readonly "capability": "db.read";
      readonly "scope": readonly [
        "orders",
      ];
      readonly "reason": "Counts the orders.";
    },
    {
      readonly "capability": "files";
      readonly "scope": readonly [
        "*",
      ];
      readonly "reason": "Keeps one line per night in counts.csv.";
    },
  ];
  readonly "schedules": readonly [
    {
      readonly "name": "nightly";
      readonly "cron": "0 3 * * *";
      readonly "timezone": "UTC";
    },
  ];
};
export = manifest;
