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
 * Since when (epoch ms) nothing about a request or a viewing changes any more: what retention counts from. A request that waits, or whose
 * window is still to come, rests only after its last moment. A session stays for as long as something kept speaks of it.
 */
export function restsSince(record: Extract<ChangeRecord, { what: 'request' | 'viewing' }>): number {
  if (record.what === 'viewing') return toMs(record.viewing.endedAt ?? record.viewing.startedAt);
  const { createdAt, decisions, state, window, deadline } = record.request;
  const last = state.status === 'pending' ? [deadline] : [state.at, ...(state.status === 'approved' ? [window.end] : [])];
  return Math.max(...[createdAt, ...decisions.map(({ at }) => at), ...last].map(toMs));
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

/** What is sealed of a record that was made fit to be kept, as one text: two that are alike are the same record to the gateway. */
export const sealedText = (kept: ChangeRecord) => canonical(sealed(kept));

/** A line of a page: whom it is about, since when that rests (null for sessions), with which hash (null for what is gone). */
export type Line = { what: Subject; id: string; restsSince: number | null; hash: string | null };

/** The line that stands for a record which was made fit to be kept. */
export function lineOf(kept: ChangeRecord, sha256: Sha256): Line {
  const { what, id } = subjectOf(kept);
  if (kept.what === 'gone') return { what, id, restsSince: null, hash: null };
  return { what, id, restsSince: kept.what === 'session' ? null : restsSince(kept), hash: sha256(sealedText(kept)) };
}

/** The lines of a page as one text. Ids are the gateway's own; whatever is in them, a line stays a line. */
export const linesText = (lines: readonly Line[]) =>
  lines
    .map(({ what, id, restsSince: since, hash }) => `${what} ${encodeURIComponent(id)} ${since ?? '-'} ${hash ?? '-'}`)
    .join('\n');

/** Lines, read again. Only for a text whose signature was found good. */
export const parseLines = (text: string): Line[] =>
  text === '' ? [] : text.split('\n').map((line) => parseLine(line.split(' ')));

function parseLine([what, id, since, hash]: string[]): Line {
  return {
    what: what as Subject,
    id: decodeURIComponent(id ?? ''),
    restsSince: since === '-' ? null : Number(since),
    hash: hash === undefined || hash === '-' ? null : hash,
  };
}

/** What the gateway signs of a page with these lines. `before` is empty where the feed begins anew. */
export const sealText = ({ before, after, at, notKept }: Omit<Seal, 'signature'>, lines: string, sha256: Sha256) =>
  canonical({ before, after, at, notKept: [...notKept].sort(), lines: sha256(lines) });
