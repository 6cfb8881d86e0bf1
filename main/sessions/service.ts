import type { CallOutput } from '../../contract/calls.ts';
import type { EventName, EventPayload } from '../../contract/events.ts';
import { fail, FailureError } from '../../contract/failure.ts';
import type { ServerEvent } from '../../contract/gateway.ts';
import type { Session, SessionDetails, SessionQuery } from '../../contract/session.ts';
import type { SessionColumn } from '../../contract/settings.ts';
import { toInstant } from '../../contract/time.ts';
import type { Archive } from '../archive/archive.ts';
import type { Gateway } from '../gateway/client.ts';
import type { Clock } from '../gateway/clock.ts';
import { exportSessions } from './export.ts';

export type Publish = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

export interface SessionService {
  page(query: SessionQuery): Promise<CallOutput<'sessions.page'>>;
  get(id: string): Promise<SessionDetails>;
  export(query: Pick<SessionQuery, 'filter' | 'sort'>, columns: readonly SessionColumn[]): Promise<CallOutput<'sessions.export'>>;
  heard(event: ServerEvent): void;
}

/** Sessions: searched at the gateway while it can be reached and remembered as seen, in the archive otherwise. */
export function createSessions(options: {
  gateway: () => Gateway;
  /** Whether the line to the gateway is up; while it is known to be down nobody waits for it. */
  online: () => boolean;
  archive: Archive;
  clock: Clock;
  publish: Publish;
  /** Asks the person where to save; null when they do not want to. */
  chooseFile: (suggested: string) => Promise<string | null>;
}): SessionService {
  const { gateway, online, archive, clock, publish } = options;

  const remember = (items: Session[]) => void archive.call('sessions.put', { items }).catch(() => undefined);

  async function page(query: SessionQuery): Promise<CallOutput<'sessions.page'>> {
    // The archive's cursors are its own: a list that began in it goes on in it.
    const ownCursor = query.cursor?.startsWith('[') ?? false;
    if (online() && !ownCursor) {
      try {
        const answer = await gateway().calls.sessions.search(query);
        remember(answer.items);
        return { ...answer, from: 'gateway', asOf: toInstant(clock.now()) };
      } catch (error) {
        if (!isOutOfReach(error)) throw error;
      }
    }
    if (query.cursor !== undefined && !ownCursor) return fail('UNREACHABLE', { host: '', why: 'network' });
    const asOf = (await archive.call('meta.get', { name: 'synchronised' })).value ?? toInstant(clock.now());
    return { ...(await archive.call('sessions.page', query)), from: 'archive', asOf };
  }

  return {
    page,
    async get(id) {
      if (online()) {
        try {
          const details = await gateway().calls.sessions.get({ id });
          remember([details.session]);
          return details;
        } catch (error) {
          if (!isOutOfReach(error)) throw error;
        }
      }
      const { session } = await archive.call('sessions.get', { id });
      return session ? { session, endedAt: null, events: null, viewings: [] } : fail('NOT_FOUND', { what: 'session' });
    },
    async export(query, columns) {
      const file = await options.chooseFile(`sessions-${toInstant(clock.now()).slice(0, 10)}.csv`);
      if (file === null) return { saved: false };
      const rows = await exportSessions(file, query, columns, page, (done, total) => publish('export-progress', { rows: done, total }));
      return { saved: true, rows };
    },
    heard(event) {
      if (event.type === 'session') {
        remember([event.session]);
        publish('sessions', { changed: [event.session], all: false });
      }
      // What one may do depends on one's own rights and on the policy: every row may have changed.
      if (event.type === 'reset' || event.type === 'user' || event.type === 'policy') publish('sessions', { changed: [], all: true });
    },
  };
}

/** Whether a failure means that the gateway is not there now, rather than that it says no. */
export function isOutOfReach(error: unknown): boolean {
  return error instanceof FailureError && ['UNREACHABLE', 'GATEWAY_FAILED', 'UNTRUSTED_CERTIFICATE', 'NOT_A_GATEWAY'].includes(error.failure.code);
}
