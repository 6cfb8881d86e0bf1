import type { Generated } from 'kysely';
import type { ExportFormat } from '../../contract/history.ts';
import type { Permission, Role } from '../../contract/identity.ts';
import type { RequestStatus } from '../../contract/request.ts';
import type { AuditVerdict, Kind, Protocol, SessionEventType, SessionState } from '../../contract/session.ts';

/** The tables as queries see them. Times are epoch milliseconds; truth values are 0 and 1; `…_json` is JSON text. */
export interface Tables {
  people: { id: string; display_name: string };
  accounts: {
    id: string;
    person_id: string;
    user_name: string;
    password_hash: string;
    totp_secret: string | null;
    /** The last time step whose code was used: a code is good once. */
    totp_last_step: number;
    disabled: number;
  };
  account_roles: { account_id: string; role: Role };
  account_permissions: { account_id: string; permission: Permission };
  approver_groups: { id: string; name: string };
  group_members: { group_id: string; person_id: string };
  routes: { id: string; name: string };
  route_levels: { route_id: string; level: number; group_id: string; needed: number };
  sessions: {
    row_number: Generated<number>;
    id: string;
    user: string;
    recorded_person_id: string | null;
    credential: string;
    device: string;
    protocol: Protocol;
    origin_ip: string;
    proxy: string;
    started_at: number;
    ended_at: number | null;
    duration_ms: number | null;
    state: SessionState;
    reason: string;
    justification: string;
    route_id: string;
    command_count: number;
    alert_count: number;
    recording_json: string | null;
    livestream_json: string | null;
  };
  session_events: {
    session_id: string;
    number: number;
    at_ms: number;
    type: SessionEventType;
    text: string;
    detail: string | null;
    severity: 'low' | 'medium' | 'high' | null;
  };
  sessions_text: { rowid: number; metadata: string; commands: string };
  requests: {
    id: string;
    version: number;
    kind: Kind;
    session_id: string;
    requester_person_id: string;
    requester_account_id: string;
    justification: string;
    reason_id: string;
    reason_label: string;
    governance_code: string | null;
    asked_start: number;
    asked_end: number;
    start_at: number;
    end_at: number;
    created_at: number;
    deadline: number;
    levels_json: string;
    status: RequestStatus;
    /** The level that is deciding, while pending. */
    level: number;
    state_at: number | null;
    state_person_id: string | null;
    state_comment: string | null;
  };
  decisions: {
    request_id: string;
    person_id: string;
    level: number;
    verdict: 'approve' | 'reject';
    comment: string;
    at: number;
    version: number;
    narrowed: number;
  };
  /** `request_id` is the id of what was made: a request, a comment, a mark. */
  idempotency: { key: string; account_id: string; what: string; request_id: string; at: number };
  viewings: {
    id: string;
    account_id: string;
    person_id: string;
    family_id: string;
    session_id: string;
    kind: Kind;
    request_id: string | null;
    lease_id: string;
    lease_expires_at: number;
    started_at: number;
    ended_at: number | null;
    end_json: string | null;
    forked_at: Generated<number | null>;
    /** The ranges of a recording that were shown, as JSON, and how long that took. */
    covered_json: Generated<string>;
    watched_ms: Generated<number>;
  };
  /** Pictures that were kept, as the gateway allowed them. */
  snapshots: { viewing_id: string; at: number; at_ms: number; request_id: string | null };
  comments: {
    id: string;
    session_id: string;
    person_id: string;
    account_id: string;
    at_ms: number;
    /** Stays when the comment is withdrawn. */
    text: string;
    created_at: number;
    withdrawn_at: number | null;
  };
  audit_marks: {
    id: string;
    session_id: string;
    person_id: string;
    account_id: string;
    verdict: AuditVerdict;
    text: string;
    at: number;
  };
  receipt_entries: {
    viewing_id: string;
    sequence: number;
    entry_json: string;
    received_at: number;
    hash: string;
    mark: string | null;
  };
  receipt_checkpoints: { viewing_id: string; sequence: number; checkpoint_json: string };
  /** The latest change of each subject; kept by triggers (migrations.ts). */
  changes: { sequence: Generated<number>; what: 'request' | 'viewing' | 'session'; id: string; removed: number };
  /** `wipe`: the client is to remove everything of this account from its computer. */
  sign_in_families: { id: string; account_id: string; created_at: number; ended_at: number | null; wipe: Generated<number> };
  refresh_tokens: { hash: string; family_id: string; expires_at: number; used_at: number | null; successor: string | null };
  sign_in_failures: { name_hash: string; count: number; locked_until: number; at: number };
  events: {
    sequence: Generated<number>;
    at: number;
    type: 'request' | 'session' | 'policy' | 'user' | 'viewing-ended' | 'changed' | 'wipe' | 'review';
    subject: string;
    /** The person it is for; null for everyone who may see it. */
    person_id: string | null;
  };
  /** Lists that were written to files. One that the policy did not allow is on record too. */
  exports: {
    account_id: string;
    key: string;
    person_id: string;
    /** When the client says it was made, and when the gateway heard of it. */
    made_at: number;
    recorded_at: number;
    format: ExportFormat;
    subject_json: string;
    rows: number;
    sha256: string;
    data_sha256: string | null;
    allowed: number;
  };
  settings: { name: string; value_json: string };
}
