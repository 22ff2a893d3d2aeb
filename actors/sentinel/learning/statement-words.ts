/** Classes of words, as bits. */
export const statementWords = {
  KEYWORD: 1,
  STATEMENT: 2,
  DANGEROUS: 4,
  DELAY: 8,
  ERROR: 16,
  OUTSIDE: 32,
  SYSTEM_CALL: 64,
  SYSTEM_FACT: 128,
  SYSTEM_TABLE: 256,
  BEHIND_LITERAL: 512,
  COMPARISON: 1024,
  CLAUSE: 2048,
  BEHIND_UNION: 4096,
  CONNECTOR: 8192,
  PATTERN: 16_384,
} as const;

const lists: Readonly<Record<keyof typeof statementWords, string>> = {
  KEYWORD:
    'select from where and or not in is null like ilike rlike regexp between union all distinct order by group having limit offset as on join left right inner outer cross full natural using case when then else end exists insert into values update set delete create table drop alter with asc desc true false interval date time timestamp char numeric cast convert exec execute escape top any some similar to collate for fetch next rows only if xor div return returning array row unknown binary current_date',
  STATEMENT:
    'select insert update delete create drop alter truncate grant revoke with begin commit rollback set exec execute call declare copy waitfor shutdown explain analyze vacuum reset show use end start savepoint release lock listen notify prepare deallocate do merge replace rename comment refresh reindex cluster checkpoint close fetch move discard load import security reassign values table go print if while return raise else elsif loop for exit open null delimiter attach detach pragma describe desc handler kill flush optimize repair backup restore unlock abort unlisten iif elt like perform get leave throw try',
  DANGEROUS:
    'drop delete truncate shutdown exec execute waitfor grant copy declare alter create insert update do load backup',
  DELAY:
    'sleep pg_sleep benchmark randomblob sleep_for pg_sleep_for receive_message user_lock get_lock delay',
  ERROR:
    'extractvalue updatexml xmltype gtid_subset json_keys exp regexp_substring crypt_key ctxsys drithsx sqlid_to_sqlhash getmappingxpath elt make_set procedure analyse geometrycollection multipoint polygon linestring name_const floor rand row_count generate_series ordsys utl_inaddr get_host_address get_host_name rdb',
  OUTSIDE:
    'load_file pg_read_file pg_ls_dir lo_import lo_export xp_cmdshell xp_dirtree xp_fileexist xp_regread openrowset opendatasource utl_http utl_file utl_smtp httpuritype dblink dblink_connect writefile readfile load_extension sys_eval sys_exec query_to_xml database_to_xml request',
  SYSTEM_CALL:
    'version user database schema current_database current_schema system_user session_user connection_id host_name db_name user_name suser_name serverproperty sqlite_version banner has_dbaccess is_srvrolemember group_concat concat_ws unhex aes_decrypt',
  SYSTEM_FACT: 'current_user session_user system_user sysdate rownum',
  SYSTEM_TABLE:
    'information_schema mysql sysobjects syscolumns sysusers sysdatabases sqlite_master sqlite_schema all_tables all_users user_tables pg_user pg_shadow pg_catalog pg_database pg_authid msysaccessobjects sysibm master rdb$database rdb$fields rdb$types rdb$functions rdb$collations dual systables syslogins dba_users v$version pg_class',
  BEHIND_LITERAL:
    'and or as is in like ilike not then else end when from for where order group having limit offset union except intersect minus on into returning using between collate at escape desc asc separator uescape rows range preceding following similar operator with regexp rlike div mod xor fetch window only qualify cross join left right inner full natural nulls day hour minute second month year default primary unique references check comment character charset engine auto_increment key to overlaps notnull isnull set values lateral option go return within by loop over respect ignore partition connect start tablesample pivot unpivot distribute cluster sort week quarter microsecond days hours months years minutes seconds step language immutable stable volatile strict security cost parallel null exists constraint generated no do apply',
  COMPARISON: '= <> != < > <= >= <=> like ilike rlike regexp ~ ~* !~ !~* ~~ ~~* similar is == ^= :=',
  CLAUSE:
    'and or xor where order group having limit union from then else end when intersect except asc desc offset for returning on into as',
  BEHIND_UNION: 'select all distinct values with by corresponding on from join',
  CONNECTOR: 'and or not where having on when xor in then else select',
  PATTERN: 'like ilike ~~ ~~*',
};

const classes = new Map<string, number>();
for (const [name, words] of Object.entries(lists)) {
  const bit = statementWords[name as keyof typeof statementWords];
  for (const word of words.split(' ')) classes.set(word, (classes.get(word) ?? 0) | bit);
}

/** Whether a word, in lower case, is of a class. */
export function hasWord(word: string, ofClass: number): boolean {
  return ((classes.get(word) ?? 0) & ofClass) !== 0;
}
