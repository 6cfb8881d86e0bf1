import { JsonText } from '../../contract/bridge.ts';
import type { CallOutput } from '../../contract/calls.ts';
import type { Connection, EventName, EventPayload } from '../../contract/events.ts';
import { FailureError, fail } from '../../contract/failure.ts';
import type { ServerEvent } from '../../contract/gateway.ts';
import type { Session, SessionDetails, SessionQuery } from '../../contract/session.ts';
import type { SessionColumn } from '../../contract/settings.ts';
import { toInstant, toMs } from '../../contract/time.ts';
import type { Archive } from '../archive/archive.ts';
import { fromCursor, isArchiveCursor } from '../archive/cursor.ts';
import type { Exports } from '../export/exports.ts';
import type { Gateway } from '../gateway/client.ts';
import type { Clock } from '../gateway/clock.ts';
import type { Keeping } from '../history/keeping.ts';
import type { ChooseFile } from '../shell/save-dialog.ts';
import { writeSessions } from './export.ts';

export type Publish = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

export interface SessionService {
  page(query: SessionQuery): Promise<CallOutput<'sessions.page'>>;
  /** The same page for a window: what the archive answers alone passes through as text. */
  pageForWindow(query: SessionQuery): Promise<CallOutput<'sessions.page'> | JsonText<CallOutput<'sessions.page'>>>;
  get(id: string): Promise<SessionDetails>;
  export(query: Pick<SessionQuery, 'filter' | 'sort'>, columns: readonly SessionColumn[]): Promise<CallOutput<'sessions.export'>>;
  heard(event: ServerEvent): void;
}

/** Sessions: searched at the gateway while it can be reached and remembered as seen, in the archive otherwise. */
export function createSessions(options: {
  /** The gateway of who is signed in; throws SIGNED_OUT. */
  gateway: () => Gateway;
  /** How the line to the gateway is. While it is known to be down nobody waits for it. */
  line: () => Connection['state'];
  archive: Archive;
  keeping: Pick<Keeping, 'sessions'>;
  clock: Pick<Clock, 'now'>;
  publish: Publish;
  /** Asks the person where to save; null when they do not want to. */
  chooseFile: ChooseFile;
  exports: Pick<Exports, 'check' | 'save'>;
}): SessionService {
  const { gateway, line, archive, keeping, clock, publish, exports } = options;

  /** Keeps what `from` said. Nobody waits for it; nothing goes into the archive of whoever signed in meanwhile. */
  function remember(from: Gateway, items: Session[]): void {
    if (items.length > 0 && isCurrent(gateway, from)) void keep(from, items).catch(() => undefined);
  }

  async function keep(from: Gateway, items: Session[]): Promise<void> {
    const kept = await keeping.sessions(items);
    if (isCurrent(gateway, from)) await archive.call('sessions.put', { items: kept });
  }

  async function search(query: SessionQuery): Promise<CallOutput<'sessions.page'>> {
    const asked = gateway();
    const page = await asked.calls.sessions.search(query);
    remember(asked, page.items);
    return { ...page, from: 'gateway', asOf: toInstant(clock.now()) };
  }

  async function kept(query: SessionQuery): Promise<CallOutput<'sessions.page'>> {
    gateway();
    const [page, { value }] = await Promise.all([
      archive.call('sessions.page', query),
      archive.call('meta.get', { name: 'synchronised' }),
    ]);
    return { ...page, from: 'archive', asOf: value ?? toInstant(clock.now()) };
  }

  /** While the line is being made, what was seen before is there at once; the list asks again when the line is up. */
  async function page(query: SessionQuery): Promise<CallOutput<'sessions.page'>> {
    if (query.cursor === undefined && line() === 'connecting') {
      const seen = await kept(query).catch(() => null);
      if (seen !== null && seen.items.length > 0) return seen;
    }
    return wholePage(query);
  }

  async function pageForWindow(
    query: SessionQuery,
  ): Promise<CallOutput<'sessions.page'> | JsonText<CallOutput<'sessions.page'>>> {
    const state = line();
    if (query.cursor !== undefined || (state !== 'offline' && state !== 'connecting')) return page(query);
    gateway();
    const [text, { value }] = await Promise.all([
      archive.text('sessions.page', query),
      archive.call('meta.get', { name: 'synchronised' }),
    ]);
    if (state === 'connecting' && text.startsWith('{"items":[]')) return wholePage(query);
    // Sessions were parsed by the contract when the gateway said them, before they were kept.
    return new JsonText(`${text.slice(0, -1)},"from":"archive","asOf":${JSON.stringify(value ?? toInstant(clock.now()))}}`);
  }

  /** Of all there is, as long as the gateway can be reached. */
  async function wholePage(query: SessionQuery): Promise<CallOutput<'sessions.page'>> {
    const { cursor } = query;
    if (cursor !== undefined) {
      if (!isArchiveCursor(cursor)) return search(query);
      return fromCursor(cursor) === null ? fail('INVALID_INPUT', { issues: ['cursor: not one of ours'] }) : kept(query);
    }
    if (line() === 'offline') return kept(query);
    return search(query).catch((error) => (isOutOfReach(error) ? kept(query) : Promise.reject(error)));
  }

  async function details(id: string): Promise<SessionDetails> {
    const asked = gateway();
    const found = await asked.calls.sessions.get({ id });
    remember(asked, [found.session]);
    return found;
  }

  /** A session as it was last seen here, without what only the gateway knows; null if it never was. */
  async function keptDetails(id: string): Promise<SessionDetails | null> {
    gateway();
    const { session } = await archive.call('sessions.get', { id });
    if (session === null) return null;
    const { startedAt, durationMs } = session;
    return {
      session,
      endedAt: durationMs === null ? null : toInstant(toMs(startedAt) + durationMs),
      events: null,
      viewings: [],
      earlierViewings: 0,
      coverage: null,
    };
  }

  return {
    page,
    pageForWindow,
    async get(id) {
      if (line() === 'offline') return (await keptDetails(id)) ?? details(id);
      try {
        return await details(id);
      } catch (error) {
        const found = isOutOfReach(error) ? await keptDetails(id) : null;
        if (found === null) throw error;
        return found;
      }
    },
    async export(query, columns) {
      await exports.check();
      const file = await options.chooseFile(`sessions-${toInstant(clock.now()).slice(0, 10)}.csv`, 'csv');
      if (file === null) return { saved: false };
      const { rows } = await exports.save(file, { format: 'csv', subject: { of: 'sessions', query } }, (unfinished) =>
        writeSessions(unfinished, query, columns, wholePage, (done, total) => publish('export-progress', { rows: done, total })),
      );
      return { saved: true, rows };
    },
    heard(event) {
      if (event.type === 'session') {
        remember(gateway(), [event.session]);
        publish('sessions', { changed: [event.session], all: false });
      }
      // What one may do depends on one's own rights and on the policy: every row may have changed.
      if (event.type === 'reset' || event.type === 'user' || event.type === 'policy')
        publish('sessions', { changed: [], all: true });
    },
  };
}

/** Whether `gateway` still stands for the sign-in that was asked. */
export function isCurrent(current: () => Gateway, gateway: Gateway): boolean {
  try {
    return current() === gateway;
  } catch {
    return false;
  }
}

/** Whether a failure means that the gateway is not there now, rather than that it says no. */
export function isOutOfReach(error: unknown): boolean {
  return (
    error instanceof FailureError &&
    ['UNREACHABLE', 'GATEWAY_FAILED', 'UNTRUSTED_CERTIFICATE', 'NOT_A_GATEWAY'].includes(error.failure.code)
  );
}
