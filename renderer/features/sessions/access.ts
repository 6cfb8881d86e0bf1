import type { Access, Kind, Session } from '../../../contract/session.ts';

/** What Enter and the first menu item do: the live stream of what runs, the recording of what ran. */
export function defaultKind(session: Pick<Session, 'state'>): Kind {
  return session.state === 'live' ? 'livestream' : 'recording';
}

/** The one access value that a row shows. */
export function shownAccess(session: Pick<Session, 'state' | 'access'>): Access {
  return session.access[defaultKind(session)];
}

/** What choosing a kind of a session leads to. */
export type Step =
  | { do: 'watch' }
  | { do: 'ask' }
  | { do: 'show-request'; requestId: string }
  | { do: 'nothing'; why: Extract<Access, { state: 'unavailable' }>['why'] };

/** The step that an access value allows. The gateway checks it again when it is taken. */
export function stepOf(access: Access): Step {
  switch (access.state) {
    case 'unavailable':
      return { do: 'nothing', why: access.why };
    case 'direct':
    case 'open':
      return { do: 'watch' };
    case 'ask':
      return { do: 'ask' };
    case 'pending':
    case 'scheduled':
      return { do: 'show-request', requestId: access.requestId };
    default:
      return access satisfies never;
  }
}

/** Words and times in the person's language and zone. */
export type AccessWords = {
  t(key: `sessions.access.${AccessWord}`, values?: { at: string }): string;
  at(instant: string): string;
};
type AccessWord =
  | 'direct'
  | 'ask'
  | 'over'
  | 'rejected'
  | 'expired'
  | 'canceled'
  | 'revoked'
  | 'pending'
  | 'scheduled'
  | 'open'
  | 'why.role'
  | 'why.permission'
  | 'why.not-recorded'
  | 'why.not-live'
  | 'why.converting';

/** How loud an access value is: `good` may be watched now, `waiting` moves by itself, `chip` needs the person, `quiet` is out of reach. */
export type AccessLabel = { text: string; tone: 'good' | 'waiting' | 'chip' | 'quiet' };

/** The access cell of a row: what it says and how. */
export function accessLabel(access: Access, { t, at }: AccessWords): AccessLabel {
  switch (access.state) {
    case 'unavailable':
      return { text: t(`sessions.access.why.${access.why}`), tone: 'quiet' };
    case 'direct':
      return { text: t('sessions.access.direct'), tone: 'good' };
    case 'ask':
      return { text: t(access.after === 'nothing' ? 'sessions.access.ask' : `sessions.access.${access.after}`), tone: 'chip' };
    case 'pending':
      return { text: t('sessions.access.pending', { at: at(access.deadline) }), tone: 'waiting' };
    case 'scheduled':
      return { text: t('sessions.access.scheduled', { at: at(access.from) }), tone: 'waiting' };
    case 'open':
      return { text: t('sessions.access.open', { at: at(access.until) }), tone: 'good' };
    default:
      return access satisfies never;
  }
}
