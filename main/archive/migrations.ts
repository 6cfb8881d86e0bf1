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
  // History. The order of \`row\` is the order of time, so the newest rows of any search come first without being sorted; \`requests_facts\` holds
  // what is filtered and counted, so that neither reads the rows themselves; `requests_shown` what a table shows. The text index keeps what it indexes (folded; see words.ts).
  // Requests of before wait as they were until they are taken in like new ones, when the file has been opened.
  `create table requests_earlier (json text not null) strict;
   insert into requests_earlier select json from requests order by created_at, id;
   drop table requests;
   create table requests (row integer primary key, id text not null unique, created_at integer not null, requester text not null,
     requester_name text not null, device text not null, session_id text not null, status text not null, kind text not null, start_at integer not null,
     end_at integer not null, deadline integer not null, due_at integer generated always as (min(deadline, end_at)) virtual, decided_at integer,
     approved_at integer, changed_at integer not null, may_decide integer not null, version integer not null, watched_ms integer not null,
     json text not null) strict;
   create table requests_shown (row integer primary key, json text not null) strict;
   create index requests_facts on requests (row, created_at, status, kind, start_at, end_at, deadline, decided_at, approved_at, may_decide, watched_ms);
   create index requests_by_requester on requests (requester);
   create index requests_by_requester_name on requests (requester_name);
   create index requests_by_device on requests (device);
   create index requests_by_session on requests (session_id);
   create index requests_waiting on requests (due_at, id) where status = 'pending' and may_decide = 1;
   create virtual table requests_text using fts5 (words, tokenize='trigram case_sensitive 1', detail=none, columnsize=0);
   create virtual table requests_terms using fts5vocab (requests_text, 'row');
   create table viewings (id text primary key, request_id text, request_row integer, session_id text not null, started_at integer not null,
     changed_at integer not null, watched_ms integer not null, json text not null) strict;
   create index viewings_by_request on viewings (request_row, started_at, watched_ms) where request_row is not null;
   create index viewings_by_request_id on viewings (request_id) where request_id is not null;
   create index viewings_by_session on viewings (session_id);
   create trigger requests_delete after delete on requests begin
     delete from requests_text where rowid = old.row;
     delete from requests_shown where row = old.row;
     update viewings set request_row = null where request_row = old.row; end;
   create trigger viewings_insert after insert on viewings when new.request_id is not null begin
     update requests set watched_ms = watched_ms + new.watched_ms where id = new.request_id; end;
   create trigger viewings_update after update of watched_ms on viewings when new.request_id is not null begin
     update requests set watched_ms = watched_ms + new.watched_ms - old.watched_ms where id = new.request_id; end;
   create trigger viewings_delete after delete on viewings when old.request_id is not null begin
     update requests set watched_ms = watched_ms - old.watched_ms where id = old.request_id; end;
   create table session_commands (session_id text primary key, commands text not null) strict, without rowid;`,
  // The gateway's feed. `page` is the sealed page that has the row as it is: null where it came otherwise and waits for its page, 0 where it
  // waited already when the pull began that is under way, -1 where it is not what its page says.
  `alter table requests add column page integer;
   alter table viewings add column page integer;
   alter table sessions add column page integer;
   create index requests_by_page on requests (page);
   create index viewings_by_page on viewings (page);
   create index sessions_by_page on sessions (page) where page is not null;
   create table pages (number integer primary key, before text not null, after text not null, at text not null, not_kept text not null,
     signature text not null, lines text not null) strict;
   create table gone (what text not null, id text not null, page integer not null, primary key (what, id)) strict, without rowid;`,
  // Requests that are current until a moment, so that what waits or is open is found without a look at all that was. Not an index: making one
  // reads every request, this only their facts.
  `create table requests_current (end_at integer, row integer, primary key (end_at, row)) strict, without rowid;
   insert into requests_current select end_at, row from requests indexed by requests_facts where status in ('pending', 'approved') order by end_at, row;
   create trigger requests_current_insert after insert on requests when new.status in ('pending', 'approved') begin
     insert into requests_current values (new.end_at, new.row); end;
   create trigger requests_current_update after update of status, end_at on requests when new.status <> old.status or new.end_at <> old.end_at begin
     delete from requests_current where end_at = old.end_at and row = old.row;
     insert into requests_current select new.end_at, new.row where new.status in ('pending', 'approved'); end;
   create trigger requests_current_delete after delete on requests begin
     delete from requests_current where end_at = old.end_at and row = old.row; end;`,
];

/** What the person wrote and the gateway has not acknowledged: a file of its own, never rebuilt away. */
export const draftsMigrations: readonly string[] = [
  'create table drafts (session_id text not null, kind text not null, json text not null, primary key (session_id, kind)) strict;',
  'create table decision_drafts (request_id text primary key, json text not null) strict;',
  `create table receipts (viewing_id text not null, sequence integer not null, json text not null, primary key (viewing_id, sequence)) strict;
   create table checkpoints (viewing_id text primary key, at text not null, json text not null) strict;`,
  'create table review_drafts (session_id text not null, what text not null, json text not null, primary key (session_id, what)) strict;',
  // What a person saved to send it later, and what left and has no answer.
  `alter table drafts add column session text; alter table drafts add column kept_at text; alter table drafts add column sent text;
   alter table drafts add column sent_at text;`,
  // Exports on their way: the file while it is not whole (it goes if the app is killed), and what the gateway has to put on record.
  'create table exports (key text primary key, unfinished text not null, json text) strict;',
];
