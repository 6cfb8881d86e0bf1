/** The archive's schema, step by step: `user_version` says how many are done. A step that has shipped never changes. */
export const archiveMigrations: readonly string[] = [
  `create table requests (id text primary key, created_at integer not null, requester text not null, status text not null, deadline integer not null,
     end_at integer not null, may_decide integer not null, version integer not null, json text not null) strict;
   create index requests_by_creation on requests (created_at, id);
   create index requests_by_status on requests (status, created_at, id);
   create table sessions (id text primary key, started_at integer not null, user text not null collate nocase, device text not null collate nocase,
     credential text not null collate nocase, duration_ms integer not null, state text not null, protocol text not null, words text not null,
     json text not null) strict;
   create index sessions_by_start on sessions (started_at, id);
   create index sessions_by_user on sessions (user, id);
   create index sessions_by_device on sessions (device, id);
   create index sessions_by_credential on sessions (credential, id);
   create index sessions_by_duration on sessions (duration_ms, id);
   create table meta (name text primary key, value text not null) strict;`,
  // `words` is folded before it is stored, so the index compares as it is. It holds no text of its own: it follows the table.
  `create virtual table sessions_text using fts5 (words, content='sessions', tokenize='trigram case_sensitive 1');
   create trigger sessions_text_insert after insert on sessions begin insert into sessions_text (rowid, words) values (new.rowid, new.words); end;
   create trigger sessions_text_delete after delete on sessions begin
     insert into sessions_text (sessions_text, rowid, words) values ('delete', old.rowid, old.words); end;
   create trigger sessions_text_update after update on sessions when old.words <> new.words begin
     insert into sessions_text (sessions_text, rowid, words) values ('delete', old.rowid, old.words);
     insert into sessions_text (rowid, words) values (new.rowid, new.words); end;
   insert into sessions_text (sessions_text) values ('rebuild');
   create index requests_by_requester on requests (requester, created_at, id);`,
  // When a request is due is one moment, so that a page of what waits is read off an index in its order.
  `alter table requests add column due_at integer generated always as (min(deadline, end_at)) virtual;
   create index requests_waiting on requests (due_at, id) where status = 'pending' and may_decide = 1;
   create index requests_decided on requests (created_at, id) where not (status = 'pending' and may_decide = 1);`,
];

/** What the person wrote and the gateway has not acknowledged: a file of its own, never rebuilt away. */
export const draftsMigrations: readonly string[] = [
  'create table drafts (session_id text not null, kind text not null, json text not null, primary key (session_id, kind)) strict;',
  'create table decision_drafts (request_id text primary key, json text not null) strict;',
  `create table receipts (viewing_id text not null, sequence integer not null, json text not null, primary key (viewing_id, sequence)) strict;
   create table checkpoints (viewing_id text primary key, at text not null, json text not null) strict;`,
];
