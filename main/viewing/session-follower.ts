import type { ServerEvent } from '../../contract/gateway.ts';
import type { Session, SessionEvent } from '../../contract/session.ts';

export type SessionNow = { session: Pick<Session, 'state' | 'access'>; events: SessionEvent[] | null };

export interface SessionFollower {
  /** Everything that is known to have happened in the session until now. */
  events(): Promise<SessionEvent[]>;
  heard(event: ServerEvent): void;
}

/**
 * Follows the session of a stream while it is watched, and after the stream is over: what happens in it, and what becomes of it. `read`
 * asks the gateway; it is asked once at a time, however often something changes meanwhile.
 */
export function followSession(
  sessionId: string,
  role: {
    read(): Promise<SessionNow>;
    onEvents(added: SessionEvent[]): void;
    onState(state: Session['state'], recording: Session['access']['recording']): void;
  },
): SessionFollower {
  let known: Promise<SessionEvent[]> = role.read().then(
    ({ events }) => events ?? [],
    () => [],
  );
  let reading = false;
  let again = false;

  async function refresh(): Promise<void> {
    again = true;
    if (reading) return;
    reading = true;
    while (again) {
      again = false;
      const before = await known;
      const now = await role.read().catch(() => null);
      if (!now) break;
      role.onState(now.session.state, now.session.access.recording);
      const seen = new Set(before.map(nameOf));
      const added = now.events?.filter((event) => !seen.has(nameOf(event))) ?? [];
      if (added.length === 0) continue;
      known = Promise.resolve(now.events ?? before);
      role.onEvents(added);
    }
    reading = false;
  }

  return {
    events: () => known,
    heard(event) {
      if (event.type === 'reset' || (event.type === 'session' && event.session.id === sessionId)) void refresh();
    },
  };
}

/** An event has no name of its own: it is what it says. */
function nameOf({ atMs, type, text }: SessionEvent): string {
  return `${atMs} ${type} ${text}`;
}
