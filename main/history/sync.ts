import { FailureError, fail } from '../../contract/failure.ts';
import type { ServerEvent } from '../../contract/gateway.ts';
import type { ChangesPage, Synchronisation } from '../../contract/history.ts';
import { type AccessRequest, nextChangeMs } from '../../contract/request.ts';
import { keptRecord } from '../../contract/seal.ts';
import { toInstant } from '../../contract/time.ts';
import type { Archive } from '../archive/archive.ts';
import type { Gateway } from '../gateway/client.ts';
import type { Clock } from '../gateway/clock.ts';
import type { PolicyService } from '../requests/policy.ts';
import { isCurrent, isOutOfReach, type Publish } from '../sessions/service.ts';
import type { Keeping } from './keeping.ts';

export interface Sync {
  /** Reads what has changed since the last time. Resolves when the archive is in step with what the gateway had when it was asked. */
  pull(): Promise<void>;
  /** Rejects when the gateway could not be asked; it is tried again by itself, and by whatever is heard next. */
  heard(event: ServerEvent): Promise<void>;
  /** Something was not written down that should have been: the next event reads it again. */
  missed(): void;
  /** Whether the archive holds all there is to see, or once did. */
  isComplete(): Promise<boolean>;
  state(): Synchronisation;
  /** Nobody is signed in any more. */
  stop(): void;
}

/** Small enough that main is not held up by one page: it is parsed, stripped and passed on between two frames. (250 took up to 65 ms.) */
const pageSize = 125;
/** What comes in such a time after an event is read together. */
const togetherMs = 200;
const firstRetryMs = 2_000;
const longestRetryMs = 60_000;
/** History is drawn anew so often while much is read. */
const drawnEveryMs = 1_000;

/**
 * Keeps the archive in step with the gateway's feed of changes: page by page from where it stopped, each taken in whole or not at all. One pull
 * at a time; whoever asks during one waits for another after it, since it may have read past what they mean.
 */
export function createSync(options: {
  /** The gateway of who is signed in; throws SIGNED_OUT. */
  gateway: () => Gateway;
  archive: Archive;
  clock: Pick<Clock, 'now'>;
  policy: PolicyService;
  keeping: Keeping;
  sealKey: (anew?: boolean) => Promise<string | null>;
  publish: Publish;
  /** A pull has come to its end: time to look at what is kept. */
  pulled: () => void;
  /** Something waited for its page, and is in none that was read since. */
  doubted: () => void;
  report: (error: unknown, where: string) => string;
}): Sync {
  const { gateway, archive, clock, policy, keeping, publish, report } = options;
  let synchronisation: Synchronisation = { state: 'idle' };
  /** The sign-in whose changes are all in the archive. Null after anything that may have left a gap. */
  let inStep: Gateway | null = null;
  let running: Promise<void> | null = null;
  let queued: Promise<void> | null = null;
  let soon: NodeJS.Timeout | undefined;
  let again: NodeJS.Timeout | undefined;
  let retryMs = firstRetryMs;
  let drawnMs = Number.NEGATIVE_INFINITY;

  const say = (next: Synchronisation) => {
    synchronisation = next;
    publish('synchronisation', next);
  };
  const draw = (at: number) => {
    drawnMs = at;
    publish('history', {});
  };

  /** A page as the gateway gives it. One that was made before the policy which is known here is asked for again. */
  async function read(from: Gateway, cursor: string | null): Promise<ChangesPage> {
    for (let attempt = 1; ; attempt += 1) {
      const page = await from.calls.changes.list({ limit: pageSize, ...(cursor !== null && { cursor }) });
      const known = await keeping.notKept();
      if (known.every((field) => page.seal.notKept.includes(field))) return page;
      if (attempt > 1) return fail('BAD_ANSWER');
      await policy.refresh();
    }
  }

  async function take(from: Gateway, page: ChangesPage, tell: boolean): Promise<void> {
    const kept = { ...page, records: page.records.map((record) => keptRecord(record, page.seal.notKept)) };
    const keepSinceMs = await keeping.sinceMs();
    const apply = async (key: string | null) => {
      if (!isCurrent(gateway, from)) fail('SIGNED_OUT');
      return archive.call('changes.apply', { page: kept, key, keepSinceMs });
    };
    let applied = await apply(await options.sealKey());
    // The gateway may have begun anew with another key since it was last asked.
    if (!applied.taken && applied.why === 'seal') applied = await apply(await options.sealKey(true));
    if (!applied.taken) {
      // Not the gateway's word, or out of its order: nothing of it was taken in.
      await archive.call('changes.forget', {});
      return fail('BAD_ANSWER');
    }
    tellWindows(from, page, applied, tell);
  }

  /** Windows hear of what is new to them; of the first reading only what can still become something: the rest they have from the gateway. */
  function tellWindows(from: Gateway, page: ChangesPage, applied: { changed: string[]; removed: string[] }, all: boolean): void {
    if (!isCurrent(gateway, from)) return;
    const ids = new Set(applied.changed);
    const changed = page.records.flatMap((record): AccessRequest[] =>
      record.what === 'request' && ids.has(record.request.id) && (all || mayTurn(record.request, clock.now()))
        ? [record.request]
        : [],
    );
    if (changed.length > 0 || applied.removed.length > 0) publish('requests', { changed, removed: applied.removed });
    const now = performance.now();
    if (page.records.length > 0 && now - drawnMs > drawnEveryMs) draw(now);
  }

  async function pullOnce(): Promise<void> {
    const from = gateway();
    inStep = null;
    const days = await keeping.days();
    const { value: keptDays } = await archive.call('meta.get', { name: 'kept-days' });
    // More is to be kept than was: what was left out is in pages that were read already.
    if (keptDays !== null && Number(keptDays) < days) await archive.call('changes.forget', {});
    if (keptDays !== String(days)) await archive.call('meta.put', { name: 'kept-days', value: String(days) });
    await strip();
    const { cursor, complete } = await archive.call('changes.begin', {});
    let done = 0;
    let total: number | null = null;
    let something = false;
    try {
      // While one page is taken in, the next is on its way.
      for (let coming: Promise<ChangesPage> | null = read(from, cursor); coming !== null; ) {
        const page: ChangesPage = await coming;
        coming = page.more ? read(from, page.cursor) : null;
        coming?.catch(() => undefined);
        total = page.reset || total === null ? page.records.length + page.remaining : total;
        done = Math.max(done, total - page.remaining);
        if (page.more || synchronisation.state === 'reading') say({ state: 'reading', done: Math.min(done, total), total });
        something ||= page.records.length > 0;
        await take(from, page, complete);
      }
      await finish(from);
    } finally {
      if (synchronisation.state === 'reading') say({ state: 'idle' });
      if (something && isCurrent(gateway, from)) draw(performance.now());
    }
    if (!isCurrent(gateway, from)) return;
    await synchronisedNow();
    inStep = from;
    options.pulled();
  }

  /** The policy wants less kept than before: what the feed does not bring again is made fit here; the rest comes anew. */
  async function strip(): Promise<void> {
    const notKept = await keeping.notKept();
    const { value } = await archive.call('meta.get', { name: 'not-kept' });
    const now = JSON.stringify([...notKept].sort());
    if (value === now) return;
    for (let after = ''; ; ) {
      const { next } = await archive.call('changes.strip', { notKept, after });
      if (next === null) break;
      after = next;
    }
    await archive.call('meta.put', { name: 'not-kept', value: now });
  }

  async function finish(from: Gateway): Promise<void> {
    for (;;) {
      const keepSinceMs = await keeping.sinceMs();
      const { done, removed, doubtful } = await archive.call('changes.finish', { keepSinceMs });
      if (!isCurrent(gateway, from)) return;
      if (removed.length > 0) publish('requests', { changed: [], removed });
      if (doubtful > 0) options.doubted();
      if (done) return;
    }
  }

  const synchronisedNow = () =>
    archive.call('meta.put', { name: 'synchronised', value: toInstant(clock.now()) }).then(() => undefined);

  function planRetry(inMs: number): void {
    clearTimeout(again);
    again = setTimeout(() => void pull().catch(() => undefined), inMs);
    again.unref();
  }

  async function pullNow(): Promise<void> {
    clearTimeout(soon);
    clearTimeout(again);
    try {
      await pullOnce();
      retryMs = firstRetryMs;
    } catch (error) {
      if (!isSignedOut(error)) {
        planRetry(retryMs);
        retryMs = Math.min(longestRetryMs, retryMs * 2);
      }
      throw error;
    }
  }

  function pull(): Promise<void> {
    if (running === null) {
      running = pullNow().finally(() => {
        running = null;
      });
      return running;
    }
    queued ??= running
      .catch(() => undefined)
      .then(() => {
        queued = null;
        return pull();
      });
    return queued;
  }

  /** Soon, together with what else comes in a moment. */
  function pullSoon(): void {
    clearTimeout(soon);
    soon = setTimeout(() => {
      void pull().catch((error) => (isOutOfReach(error) || isSignedOut(error) ? undefined : report(error, 'history.sync')));
    }, togetherMs);
    soon.unref();
  }

  /** Whether something was missed that nobody is reading again yet. */
  const isBehind = () => running === null && inStep !== gateway();

  return {
    pull,
    async heard(event) {
      switch (event.type) {
        case 'reset':
        case 'user':
          // Other rights, other requests: those that were hidden have no event of their own.
          await policy.refresh();
          return pull();
        case 'wipe':
        case 'review':
          return;
        case 'request':
        case 'session':
        case 'changed':
        case 'viewing-ended':
        case 'policy':
          if (isBehind()) return pull();
          pullSoon();
          return;
        case 'hello':
          if (!isBehind()) return synchronisedNow().catch(() => undefined);
          await policy.refresh();
          return pull();
        default:
          event satisfies never;
      }
    },
    missed() {
      inStep = null;
    },
    async isComplete() {
      return (await archive.call('changes.state', {})).complete;
    },
    state: () => synchronisation,
    stop() {
      clearTimeout(soon);
      clearTimeout(again);
      inStep = null;
      retryMs = firstRetryMs;
      synchronisation = { state: 'idle' };
    },
  };
}

const isSignedOut = (error: unknown) => error instanceof FailureError && error.failure.code === 'SIGNED_OUT';

/** Whether time or people can still make something else of a request. */
const mayTurn = (request: AccessRequest, nowMs: number) => nextChangeMs(request, nowMs) !== null;
