import type { ChangeRecord, Seal } from './history.ts';
import { canonical, type Sha256 } from './receipt.ts';
import type { AccessRequest, DecisionDraft, Policy, RequestState } from './request.ts';
import type { Session } from './session.ts';
import { toMs } from './time.ts';

/**
 * Seals: the gateway's signature under each page of changes, and what of a page it covers. Both ends make the same lines of the same
 * records, each on its own; so whatever is kept can be checked later, row by row, without the gateway.
 */
export type NotKept = Policy['notKept'];

/** The subjects of the feed that a client keeps. */
export type Subject = Exclude<ChangeRecord['what'], 'gone'>;

/** A request without what the policy wants on no disk. What is left out is an empty text, or null. */
export function keptRequest(request: AccessRequest, notKept: NotKept): AccessRequest {
  if (notKept.length === 0) return request;
  const without = (field: NotKept[number]) => notKept.includes(field);
  return {
    ...request,
    ...(without('justification') && { justification: '' }),
    ...(without('governanceCode') && { governanceCode: null }),
    ...(without('credential') && { session: { ...request.session, credential: '' } }),
    ...(without('comments') && keptWords(request)),
  };
}

function keptWords<R extends { decisions: AccessRequest['decisions']; state: RequestState }>({ decisions, state }: R) {
  return {
    decisions: decisions.map((decision) => ({ ...decision, comment: '' })),
    state: 'comment' in state ? { ...state, comment: '' } : state,
  };
}

/** The same for a session: of its own words, its justification is what the name says. */
export function keptSession(session: Session, notKept: NotKept): Session {
  if (notKept.length === 0) return session;
  const without = (field: NotKept[number]) => notKept.includes(field);
  return {
    ...session,
    ...(without('justification') && { justification: '' }),
    ...(without('credential') && { credential: '' }),
    ...(without('originIp') && { originIp: '' }),
  };
}

/** The same for what somebody typed about a request: it holds the request as they looked at it. */
export function keptDecisionDraft(draft: DecisionDraft, notKept: NotKept): DecisionDraft {
  return notKept.includes('comments') ? { ...draft, seen: { ...draft.seen, ...keptWords(draft.seen) } } : draft;
}

/** The same for a record of the feed. */
export function keptRecord(record: ChangeRecord, notKept: NotKept): ChangeRecord {
  if (record.what === 'request') return { what: 'request', request: keptRequest(record.request, notKept) };
  if (record.what === 'session') {
    const commands = notKept.includes('commands') ? null : record.commands;
    return { what: 'session', session: keptSession(record.session, notKept), commands };
  }
  return record;
}

/** Whom a record speaks of. */
export function subjectOf(record: ChangeRecord): { what: Subject; id: string } {
  switch (record.what) {
    case 'request':
      return { what: 'request', id: record.request.id };
    case 'viewing':
      return { what: 'viewing', id: record.viewing.id };
    case 'session':
      return { what: 'session', id: record.session.id };
    case 'gone':
      return { what: record.of, id: record.id };
    default:
      return record satisfies never;
  }
}

/**
 * Since when (epoch ms) nothing about a record changes any more: what retention counts from. A request that waits, or whose window is still
 * to come, rests only after its last moment.
 */
export function restsSince(record: Exclude<ChangeRecord, { what: 'gone' }>): number {
  switch (record.what) {
    case 'request': {
      const { createdAt, decisions, state, window, deadline } = record.request;
      const last = state.status === 'pending' ? [deadline] : [state.at, ...(state.status === 'approved' ? [window.end] : [])];
      return Math.max(...[createdAt, ...decisions.map(({ at }) => at), ...last].map(toMs));
    }
    case 'viewing':
      return toMs(record.viewing.endedAt ?? record.viewing.startedAt);
    case 'session':
      return toMs(record.session.startedAt) + (record.session.durationMs ?? 0);
    default:
      return record satisfies never;
  }
}

/** What of a record is sealed: all that is kept, but not what depends on the moment and on who reads it. */
function sealed(record: ChangeRecord): unknown {
  if (record.what === 'request') {
    const { may: _may, ...request } = record.request;
    return request;
  }
  if (record.what === 'session') {
    const { access: _access, ...session } = record.session;
    return { session, commands: record.commands };
  }
  return record.what === 'viewing' ? record.viewing : null;
}

/** The hash of what is sealed of a record that was made fit to be kept. */
export const sealedHash = (kept: ChangeRecord, sha256: Sha256) => sha256(canonical(sealed(kept)));

/** The line of a page that stands for a record, made fit to be kept: who, resting since when, with which hash. */
export function lineOf(kept: ChangeRecord, sha256: Sha256): string {
  const { what, id } = nameOf(subjectOf(kept));
  return kept.what === 'gone' ? `gone ${what} ${id}` : `${what} ${id} ${restsSince(kept)} ${sealedHash(kept, sha256)}`;
}

/** Ids are the gateway's own; whatever is in them, a line stays a line. */
const nameOf = ({ what, id }: { what: Subject; id: string }) => ({ what, id: encodeURIComponent(id) });

/** A line, read again; null for what is none. `restsSince` and `hash` are null for what is gone. */
export function parseLine(line: string): { what: Subject; id: string; restsSince: number | null; hash: string | null } | null {
  const parts = line.split(' ');
  const [what, id, since, hash] = parts[0] === 'gone' ? parts.slice(1) : parts;
  if ((what !== 'request' && what !== 'viewing' && what !== 'session') || id === undefined) return null;
  return { what, id: decodeURIComponent(id), restsSince: since === undefined ? null : Number(since), hash: hash ?? null };
}

/** What the gateway signs of a page. `before` is empty where the feed begins anew. */
export const sealText = ({ before, after, at, notKept }: Omit<Seal, 'signature'>, lines: readonly string[], sha256: Sha256) =>
  canonical({ before, after, at, notKept: [...notKept].sort(), lines: sha256(lines.join('\n')) });
