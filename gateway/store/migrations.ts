import { type Kysely, type Migration, sql } from 'kysely';

/** The schema, step by step; a step that has shipped never changes. */
export const migrations: Record<string, Migration> = {
  '0001-foundation': {
    async up(db: Kysely<unknown>) {
      for (const statement of foundation) await sql.raw(statement).execute(db);
    },
  },
  '0002-receipts': {
    async up(db: Kysely<unknown>) {
      for (const statement of receipts) await sql.raw(statement).execute(db);
    },
  },
  '0004-desk': {
    async up(db: Kysely<unknown>) {
      for (const statement of desk) await sql.raw(statement).execute(db);
    },
  },
  '0005-snapshots': {
    async up(db: Kysely<unknown>) {
      for (const statement of snapshots) await sql.raw(statement).execute(db);
    },
  },
  '0008-exports': {
    async up(db: Kysely<unknown>) {
      for (const statement of exported) await sql.raw(statement).execute(db);
    },
  },
  '0009-changes': {
    async up(db: Kysely<unknown>) {
      for (const statement of changes) await sql.raw(statement).execute(db);
    },
  },
  '0010-wipes': {
    async up(db: Kysely<unknown>) {
      await sql.raw('alter table sign_in_families add column wipe integer not null default 0').execute(db);
    },
  },
  '0011-reviews': {
    async up(db: Kysely<unknown>) {
      for (const statement of reviews) await sql.raw(statement).execute(db);
    },
  },
  '0012-audited': {
    async up(db: Kysely<unknown>) {
      await sql.raw(auditedInFeed).execute(db);
    },
  },
};

const foundation = [
  'create table people (id text primary key, display_name text not null) strict',
  `create table accounts (id text primary key, person_id text not null references people (id), user_name text not null collate nocase unique,
    password_hash text not null, totp_secret text, totp_last_step integer not null default 0, disabled integer not null default 0) strict`,
  'create table account_roles (account_id text not null references accounts (id), role text not null, primary key (account_id, role)) strict',
  'create table account_permissions (account_id text not null references accounts (id), permission text not null, primary key (account_id, permission)) strict',
  'create table approver_groups (id text primary key, name text not null) strict',
  `create table group_members (group_id text not null references approver_groups (id), person_id text not null references people (id),
    primary key (group_id, person_id)) strict`,
  'create table routes (id text primary key, name text not null) strict',
  `create table route_levels (route_id text not null references routes (id), level integer not null check (level between 1 and 3),
    group_id text not null references approver_groups (id), needed integer not null check (needed > 0), primary key (route_id, level)) strict`,
  `create table sessions (row_number integer primary key, id text not null unique, user text not null, recorded_person_id text references people (id),
    credential text not null, device text not null, protocol text not null, origin_ip text not null, proxy text not null, started_at integer not null,
    ended_at integer, duration_ms integer, state text not null, reason text not null, justification text not null,
    route_id text not null references routes (id), command_count integer not null, alert_count integer not null,
    recording_json text, livestream_json text) strict`,
  'create index sessions_by_start on sessions (started_at, id)',
  'create index sessions_by_user on sessions (user collate nocase, id)',
  'create index sessions_by_device on sessions (device collate nocase, id)',
  'create index sessions_by_credential on sessions (credential collate nocase, id)',
  'create index sessions_by_duration on sessions (coalesce(duration_ms, -1), id)',
  `create table session_events (session_id text not null references sessions (id), number integer not null, at_ms integer not null, type text not null,
    text text not null, detail text, severity text, primary key (session_id, number)) strict`,
  `create virtual table sessions_text using fts5 (metadata, commands, content='', contentless_delete=1, detail=none, tokenize='trigram remove_diacritics 1')`,
  `create table requests (id text primary key, version integer not null, kind text not null, session_id text not null references sessions (id),
    requester_person_id text not null references people (id), requester_account_id text not null references accounts (id), justification text not null,
    reason_id text not null, reason_label text not null, governance_code text, asked_start integer not null, asked_end integer not null,
    start_at integer not null, end_at integer not null, created_at integer not null, deadline integer not null, levels_json text not null,
    status text not null, level integer not null, state_at integer, state_person_id text references people (id), state_comment text) strict`,
  'create index requests_by_creation on requests (created_at, id)',
  'create index requests_by_person on requests (requester_person_id, session_id, kind)',
  'create index requests_by_status on requests (status, deadline)',
  `create table decisions (request_id text not null references requests (id), person_id text not null references people (id), level integer not null,
    verdict text not null, comment text not null, at integer not null, version integer not null, narrowed integer not null,
    primary key (request_id, person_id)) strict`,
  `create table idempotency (key text not null, account_id text not null references accounts (id), what text not null, request_id text not null,
    primary key (account_id, key)) strict`,
  'create table sign_in_families (id text primary key, account_id text not null references accounts (id), created_at integer not null, ended_at integer) strict',
  `create table refresh_tokens (hash text primary key, family_id text not null references sign_in_families (id), expires_at integer not null,
    used_at integer, successor text) strict`,
  'create table sign_in_failures (name_hash text primary key, count integer not null, locked_until integer not null) strict',
  `create table viewings (id text primary key, account_id text not null references accounts (id), person_id text not null references people (id),
    family_id text not null references sign_in_families (id), session_id text not null references sessions (id), kind text not null, request_id text,
    lease_id text not null unique, lease_expires_at integer not null, started_at integer not null, ended_at integer, end_json text) strict`,
  'create index viewings_by_session on viewings (session_id, started_at)',
  'create index viewings_running on viewings (ended_at) where ended_at is null',
  `create table receipt_entries (viewing_id text not null references viewings (id), sequence integer not null, entry_json text not null,
    received_at integer not null, primary key (viewing_id, sequence)) strict`,
  'create table events (sequence integer primary key autoincrement, at integer not null, type text not null, subject text not null, person_id text) strict',
  'create table settings (name text primary key, value_json text not null) strict',
];

/** When something was written that is trimmed by age; what is there already counts as written now. */
const desk = [
  'alter table idempotency add column at integer not null default 0',
  'update idempotency set at = unixepoch() * 1000',
  'alter table sign_in_failures add column at integer not null default 0',
  'update sign_in_failures set at = unixepoch() * 1000',
  'create index events_by_age on events (at)',
  "create index requests_due on requests (min(deadline, end_at), id) where status = 'pending'",
];

// Entries of the version before had no hash; viewings are short, so their chains simply begin anew.
const receipts = [
  'delete from receipt_entries',
  "alter table receipt_entries add column hash text not null default ''",
  'alter table receipt_entries add column mark text',
  `create table receipt_checkpoints (viewing_id text primary key references viewings (id), sequence integer not null,
    checkpoint_json text not null) strict`,
  'alter table viewings add column forked_at integer',
  "alter table viewings add column covered_json text not null default '[]'",
  'alter table viewings add column watched_ms integer not null default 0',
];

const snapshots = [
  `create table snapshots (viewing_id text not null references viewings (id), at integer not null, at_ms integer not null,
    request_id text) strict`,
  'create index snapshots_by_viewing on snapshots (viewing_id, at)',
];

const exported = [
  `create table exports (account_id text not null references accounts (id), key text not null, person_id text not null references people (id),
    made_at integer not null, recorded_at integer not null, format text not null, subject_json text not null, rows integer not null,
    sha256 text not null, data_sha256 text, allowed integer not null, primary key (account_id, key)) strict`,
  'create index exports_by_time on exports (recorded_at)',
];

// ---- The feed of changes ------------------------------------------------------------------------------------------------------------

/** A subject has changed: its row moves to the end. Never "or replace": the statement that set the trigger off decides on conflicts. */
const touch = (what: 'request' | 'viewing' | 'session', id: string, removed = 0) =>
  `delete from changes where what = '${what}' and id = ${id}; insert into changes (what, id, removed) values ('${what}', ${id}, ${removed});`;

/** A session is in the feed as soon as a request or a viewing speaks of it, and comes before them. */
const touchWithSession = (what: 'request' | 'viewing') => `${touch('session', 'new.session_id')} ${touch(what, 'new.id')}`;

/** The columns of a session that its readers see. */
const seenOfSession =
  'user, credential, device, protocol, origin_ip, proxy, started_at, duration_ms, state, reason, justification, command_count, alert_count';

/**
 * One row for each subject, at the sequence of its latest change. Triggers keep it: whatever changes the store, by whichever way, is in the feed
 * in the same transaction. What is there already is filled in as it began.
 */
const changes = [
  `create table changes (sequence integer primary key autoincrement, what text not null, id text not null, removed integer not null,
    unique (what, id)) strict`,
  'create index requests_by_session on requests (session_id)',
  'create index viewings_by_request on viewings (request_id)',
  `insert into changes (what, id, removed) select 'session', id, 0 from sessions
     where id in (select session_id from requests union select session_id from viewings) order by started_at, id`,
  "insert into changes (what, id, removed) select 'request', id, 0 from requests order by created_at, id",
  "insert into changes (what, id, removed) select 'viewing', id, 0 from viewings order by started_at, id",
  `create trigger requests_added after insert on requests begin ${touchWithSession('request')} end`,
  `create trigger requests_changed after update on requests begin ${touchWithSession('request')} end`,
  `create trigger requests_removed after delete on requests begin ${touch('request', 'old.id', 1)} end`,
  `create trigger viewings_added after insert on viewings begin ${touchWithSession('viewing')} end`,
  `create trigger viewings_changed after update of request_id, ended_at, end_json, covered_json, watched_ms on viewings
     begin ${touch('viewing', 'new.id')} end`,
  `create trigger viewings_removed after delete on viewings begin ${touch('viewing', 'old.id', 1)} end`,
  `create trigger snapshots_added after insert on snapshots begin ${touch('viewing', 'new.viewing_id')} end`,
  `create trigger checkpoints_added after insert on receipt_checkpoints begin ${touch('viewing', 'new.viewing_id')} end`,
  `create trigger checkpoints_changed after update on receipt_checkpoints begin ${touch('viewing', 'new.viewing_id')} end`,
  // A request carries its session about, so it has changed too.
  `create trigger sessions_changed after update of ${seenOfSession} on sessions
     when exists (select 1 from changes where what = 'session' and id = new.id) begin
     ${touch('session', 'new.id')}
     delete from changes where what = 'request' and id in (select id from requests where session_id = new.id);
     insert into changes (what, id, removed) select 'request', id, 0 from requests where session_id = new.id order by created_at, id;
   end`,
  `create trigger sessions_removed after delete on sessions when exists (select 1 from changes where what = 'session' and id = old.id)
     begin ${touch('session', 'old.id', 1)} end`,
];

const reviews = [
  `create table comments (id text primary key, session_id text not null references sessions (id), person_id text not null references people (id),
    account_id text not null references accounts (id), at_ms integer not null, text text not null, created_at integer not null,
    withdrawn_at integer) strict`,
  'create index comments_by_session on comments (session_id, at_ms, created_at)',
  `create table audit_marks (id text primary key, session_id text not null references sessions (id), person_id text not null references people (id),
    account_id text not null references accounts (id), verdict text not null, text text not null, at integer not null) strict`,
  'create index audit_marks_by_session on audit_marks (session_id, at)',
];

/** The verdict on a session is part of it. */
const auditedInFeed = `create trigger marks_added after insert on audit_marks when exists (select 1 from changes where what = 'session' and id = new.session_id)
     begin ${touch('session', 'new.session_id')} end`;
