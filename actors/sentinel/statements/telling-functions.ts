import type { TellingFunction } from './oddities.ts';

/** Functions of PostgreSQL and of others that attacks try, without their schema. */
const byOddity: Readonly<Record<TellingFunction, string>> = {
  'time-function': `pg_sleep pg_sleep_for pg_sleep_until sleep benchmark receive_message waitfor randomblob`,
  'file-function': `pg_read_file pg_read_binary_file pg_ls_dir pg_ls_logdir pg_ls_waldir pg_ls_tmpdir
    pg_ls_archive_statusdir pg_stat_file lo_import lo_export pg_file_write pg_file_unlink pg_file_rename
    pg_file_read pg_logdir_ls load_file load_extension readfile writefile`,
  'network-function': `dblink dblink_connect dblink_connect_u dblink_exec dblink_open dblink_send_query
    get_host_address get_host_name httpuritype`,
  'program-function': 'sys_exec sys_eval xp_cmdshell',
  'error-function': `extractvalue updatexml xmltype query_to_xml query_to_xml_and_xmlschema database_to_xml
    database_to_xml_and_xmlschema table_to_xml schema_to_xml cursor_to_xml drithsx gtid_subset`,
};

/** Which oddity a call of a function is, by its name in lower case. */
export const tellingFunctions: ReadonlyMap<string, TellingFunction> = new Map(
  Object.entries(byOddity).flatMap(([oddity, names]) =>
    names.split(/\s+/).map((name) => [name, oddity as TellingFunction] as const),
  ),
);
