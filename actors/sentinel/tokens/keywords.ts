import type { TokenClass } from './token-class.ts';

/**
 * Words that mean something to a database, by class. Lower case, blank-separated; dotted names are one word.
 * Classes that begin with `F_`, and `IF` and `SLEEP`, count only with an opening bracket behind the word: `version`
 * and `left` are words of every language.
 */
export const keywords: Readonly<Partial<Record<TokenClass, string>>> = {
  AND: 'and',
  OR: 'or',
  XOR: 'xor',
  NOT: 'not',
  DIV: 'div mod',
  LIKE: 'like ilike rlike regexp glob sounds',
  IF_WORD: 'if while',
  SIMILAR: 'similar',
  IS: 'is isnull notnull',
  NULL: 'null',
  BOOL: 'true false',
  IN: 'in',
  BETWEEN: 'between',
  EXISTS: 'exists',
  UNION: 'union intersect except minus',
  SELECT: 'select',
  ALL: 'all distinct distinctrow',
  VALUES: 'values',
  TABLE: 'table',
  FROM: 'from',
  WHERE: 'where',
  ORDER: 'order',
  GROUP: 'group',
  BY: 'by',
  HAVING: 'having',
  LIMIT: 'limit offset',
  INTO: 'into',
  OUTFILE: 'outfile dumpfile',
  CASE: 'case',
  WHEN: 'when',
  THEN: 'then',
  ELSE: 'else',
  END_WORD: 'end',
  AS: 'as',
  ON: 'on',
  TO: 'to',
  SET: 'set',
  ANY: 'any some',
  BINARY: 'binary',
  INSERT: 'insert',
  UPDATE: 'update',
  DELETE: 'delete',
  DROP: 'drop',
  CREATE: 'create',
  ALTER: 'alter',
  TRUNCATE: 'truncate',
  GRANT: 'grant revoke',
  EXEC: 'exec execute',
  DECLARE: 'declare',
  SHUTDOWN: 'shutdown',
  WAITFOR: 'waitfor',
  DELAY: 'delay',
  COPY: 'copy',
  PROGRAM: 'program',
  LISTEN: 'listen notify unlisten',
  PROCEDURE: 'procedure',
  ANALYSE: 'analyse analyze',
  BEGIN: 'begin commit rollback',
  OBJECT:
    'database schema view index role user login function trigger extension sequence tablespace server column materialized temporary temp unique',
  LOAD: 'load attach',
  CALL_WORD: 'call',
  MAINTAIN: 'vacuum reindex checkpoint cluster',
  BARE_INFO:
    'current_user session_user system_user current_date current_time current_timestamp current_role current_catalog current_schema localtimestamp localtime utc_time utc_date utc_timestamp sqlcode rownum',
  COLLATE: 'collate',
  ROW: 'row array',
  IF: 'isnull if iif decode elt choose nullif ifnull coalesce nvl nvl2 greatest least make_set',
  SLEEP: 'sleep benchmark get_lock',
  F_DELAY:
    'pg_sleep pg_sleep_for pg_sleep_until dbms_lock.sleep user_lock.sleep dbms_session.sleep dbms_pipe.receive_message dbms_backup_restore.sleep randomblob',
  F_ERROR:
    'extractvalue updatexml xmltype json_keys gtid_subset gtid_subtract st_latfromgeohash st_longfromgeohash st_pointfromgeohash name_const dbms_utility.sqlid_to_sqlhash ctxsys.drithsx.sn utl_inaddr.get_host_address utl_inaddr.get_host_name query_to_xml database_to_xml table_to_xml regexp_substring fn_listextendedproperty dbms_xmlgen.getxml ordsys.ord_dicom.getmappingxpath',
  F_INFO:
    'version database user current_database current_setting db_name db_id user_name suser_name suser_sname host_name schema_name object_name object_id col_name user_id is_srvrolemember is_member has_dbaccess has_table_privilege inet_server_addr inet_client_addr pg_backend_pid pg_current_xact_id pg_typeof sqlite_version sqlite_source_id serverproperty connection_id last_insert_id system_user session_user current_user sys_context userenv password load_extension last_insert_rowid row_count found_rows pg_client_encoding quote_ident quote_literal cube_table hashbytes pg_is_in_recovery txid_current pg_conf_load_time',
  F_STRING:
    'substring mid ascii char nchar unhex concat concat_ws group_concat char_length octet_length bit_length lcase ucase conv bin lpad rpad locate instr strpos charindex patindex to_hex from_base64 to_base64 string_agg array_to_string regexp_like regexp_instr soundex stuff replicate rawtohex to_char utl_raw.cast_to_varchar2 utl_encode.base64_encode quotename aes_encrypt aes_decrypt des_encrypt uncompress find_in_set array_agg json_agg jsonb_agg row_to_json array_to_json xmlagg listagg json_arrayagg json_object generate_series unnest pi',
  F_COMMON:
    'substr left right length hex chr ord unicode lower upper reverse repeat replace insert position trim ltrim rtrim md5 sha sha1 sha2 crc32 encode regexp_replace translate quote space compress oct count sum min max avg sin cos tan floor ceil ceiling rand random abs exp sqrt power pow ln log round sign degrees radians cot atan asin acos',
  F_FILE:
    'load_file pg_read_file pg_read_binary_file pg_ls_dir pg_stat_file lo_import lo_export lo_get lo_create lo_from_bytea openrowset opendatasource openquery utl_http.request utl_file.fopen httpuritype dbms_ldap.init dbms_java.runjava dblink dblink_connect dblink_exec dblink_send_query fts3_tokenizer sys_eval sys_exec xp_cmdshell pg_file_write pg_execute_server_program',
  F_CAST: 'cast convert try_cast try_convert to_number to_date parse',
  SYSTEM:
    'information_schema pg_catalog sqlite_master sqlite_schema sqlite_temp_master sysobjects syscolumns sysusers sysdatabases syslogins sysxlogins systables sysprocesses sysconstraints msysobjects msysaces performance_schema sys master..sysdatabases dual all_tables all_tab_columns all_users all_objects all_source user_tables user_tab_columns user_objects user_users dba_users dba_tables dba_tab_columns dba_role_privs v$version v$instance v$database v$session rdb$database rdb$relations rdb$fields rdb$get_context sysibm sysibm.sysdummy1 syscat mysql mysql.user pg_user pg_shadow pg_roles pg_authid pg_database pg_tables pg_class pg_attribute pg_namespace pg_proc pg_group pg_stat_activity pg_stat_user_tables pg_settings pg_views pg_user_mapping pg_hba_file_rules sysmaster systypes sysfiles schemata',
  XP: 'sp_executesql sp_addlogin sp_addsrvrolemember sp_addextendedproc sp_configure sp_oacreate sp_oamethod sp_password sp_makewebtask sp_execute_external_script',
};

/** Classes that count only when an opening bracket follows. */
export const needBracket: ReadonlySet<TokenClass> = new Set<TokenClass>([
  ...(['IF', 'SLEEP', 'F_DELAY', 'F_ERROR', 'F_INFO', 'F_STRING'] as const),
  ...(['F_FILE', 'F_COMMON', 'F_CAST'] as const),
]);

/** First components that make a dotted name a system name: `information_schema.tables`, `mysql.user`. */
export const systemPrefixes =
  'information_schema pg_catalog performance_schema sys mysql sysibm syscat sysmaster master msdb rdb$ dbms_xslprocessor';

/**
 * Functions whose names are words of a language: they count only when the bracket is directly behind them. "Take a
 * left (1 mile)" is a way home.
 */
export const proseWords: ReadonlySet<string> = new Set(
  'benchmark left right user version count sum min max log round space quote position mid sign reverse if database password repeat replace bin char choose decode least greatest length trim floor power sleep role order values cast convert parse translate insert_str stuff locate soundex compress encode rank unicode lower upper random degrees exp abs'.split(
    ' ',
  ),
);
