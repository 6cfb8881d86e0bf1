import { type Failure, FailureError, fail } from '../../contract/failure.ts';
import { type Draft, type NewRequest, type Policy, wordsProblem } from '../../contract/request.ts';
import { type Kind, SessionBrief } from '../../contract/session.ts';
import { toInstant, toMs } from '../../contract/time.ts';
import { refusals, type UnsentCheck, type UnsentRequest } from '../../contract/unsent.ts';
import type { Archive } from '../archive/archive.ts';
import type { Gateway } from '../gateway/client.ts';
import type { Clock } from '../gateway/clock.ts';
import type { Publish } from '../sessions/service.ts';

/** Requests that are being written, or were written and not sent. They are kept until the gateway has them or the person drops them. */
export interface Drafts {
  get(sessionId: string, kind: Kind): Promise<Draft | null>;
  put(draft: Draft): Promise<void>;
  drop(sessionId: string, kind: Kind): Promise<void>;
  /** Keeps a draft until the person says that it is to be sent. */
  keep(draft: Draft, session: SessionBrief): Promise<void>;
  unsent(): Promise<UnsentRequest[]>;
  /** What has become of what an unsent request is about. Fails when the gateway cannot be reached. */
  check(sessionId: string, kind: Kind): Promise<UnsentCheck>;
  /** The request that an unsent draft stands for now. Fails with what makes it impossible. */
  request(sessionId: string, kind: Kind): Promise<NewRequest>;
  /**
   * To be called before the first byte leaves: the request and its key are on the disk then. Answers with what is to be sent: a request
   * that is sent again goes as it went the first time, or the gateway would take it for another.
   */
  sending(request: NewRequest): Promise<NewRequest>;
  /** Sending failed. Forgets the attempt if the gateway said for certain that there is no such request. */
  failed(request: NewRequest, error: unknown): Promise<void>;
  /** The gateway has it. */
  arrived(request: NewRequest): Promise<void>;
}

/** Two clocks of this computer read a moment apart. */
const aMomentMs = 5_000;

export function createDrafts(options: {
  /** The gateway of who is signed in; throws SIGNED_OUT. */
  gateway: () => Gateway;
  archive: Archive;
  clock: Pick<Clock, 'now'>;
  publish: Publish;
}): Drafts {
  const { gateway, archive, clock, publish } = options;
  const now = () => toInstant(clock.now());

  async function listed(): Promise<UnsentRequest[]> {
    const { items } = await archive.call('drafts.unsent', {});
    return Promise.all(
      items.map(async (one) => {
        if (one.session !== null) return one;
        // The dialog sends without it; the session was on the screen, so it is in the archive.
        const { session } = await archive.call('sessions.get', { id: one.draft.sessionId }).catch(() => ({ session: null }));
        return { ...one, session: session && SessionBrief.parse(session) };
      }),
    );
  }

  /** The list is only told; whatever was done is done. */
  const tell = () =>
    listed().then(
      (unsent) => publish('drafts', { unsent }),
      () => undefined,
    );

  async function find(sessionId: string, kind: Kind): Promise<UnsentRequest> {
    const found = (await listed()).find(({ draft }) => draft.sessionId === sessionId && draft.kind === kind);
    return found ?? fail('NOT_FOUND', { what: 'draft' });
  }

  const service: Drafts = {
    get: async (sessionId, kind) => (await archive.call('drafts.get', { sessionId, kind })).draft,
    async put(draft) {
      await archive.call('drafts.put', draft);
      void tell();
    },
    async drop(sessionId, kind) {
      await archive.call('drafts.drop', { sessionId, kind });
      void tell();
    },
    async keep(draft, session) {
      await archive.call('drafts.keep', { draft, session, at: now() });
      void tell();
    },
    unsent: listed,
    async check(sessionId, kind) {
      const { draft, session, maybeSent } = await find(sessionId, kind);
      const { calls } = gateway();
      const [policy, there] = await Promise.all([calls.policy(), calls.sessions.get({ id: sessionId })]);
      const request = requestOf(draft, clock.now());
      const problems: Failure[] = [wordsProblem(request, policy as Policy)].filter((one) => one !== null);
      const changes: UnsentCheck['changes'] = [];
      const { state } = there.session;
      if (session !== null && session.state !== state) changes.push({ what: 'session-state', from: session.state, to: state });
      if (toMs(request.window.end) <= clock.now()) {
        problems.push({ code: 'WINDOW_OVER', data: { until: request.window.end } });
        return { problems, changes };
      }
      if (draft.start !== null && toMs(draft.start) < clock.now() - aMomentMs)
        changes.push({ what: 'window-begun', left: request.window });
      const { problem } = await calls.requests.preflight({ sessionId, kind, window: request.window });
      // A request that is there already may be this very one, whose answer was lost.
      if (problem && !(maybeSent && problem.code === 'ALREADY_ASKED')) problems.unshift(problem as Failure);
      return { problems, changes };
    },
    async request(sessionId, kind) {
      const { draft } = await find(sessionId, kind);
      const request = requestOf(draft, clock.now());
      return toMs(request.window.end) <= clock.now() ? fail('WINDOW_OVER', { until: request.window.end }) : request;
    },
    async sending(request) {
      const { sessionId, kind } = request;
      const { sent } = await archive.call('drafts.sent', { sessionId, kind });
      const first = sent !== null && isSame(sent, request, clock.now()) ? sent : request;
      await archive.call('drafts.sending', { request: first, at: now() });
      return first;
    },
    async failed(request, error) {
      const code = error instanceof FailureError ? error.failure.code : 'INTERNAL';
      if (code === 'KEY_REUSED') {
        // The gateway has the request under this key, with the words of before. What is typed by now would be another one.
        const { draft } = await archive.call('drafts.get', request);
        if (draft) await archive.call('drafts.put', { ...draft, key: crypto.randomUUID() });
      }
      if (refusals.has(code)) await archive.call('drafts.refused', { request });
      void tell();
    },
    async arrived({ sessionId, kind }) {
      await archive.call('drafts.drop', { sessionId, kind });
      void tell();
    },
  };
  return service;
}

/** The request that a draft stands for at `nowMs` (gateway time): its window begins now at the earliest. */
function requestOf(draft: Draft, nowMs: number): NewRequest {
  const { start, end, reasonId, governanceCode, ...same } = draft;
  if (start === null || end === null) return fail('WINDOW_INVALID', { why: 'too-short' });
  const code = governanceCode.trim();
  return {
    ...same,
    justification: draft.justification.trim(),
    reasonId: reasonId ?? '',
    governanceCode: code === '' ? null : code,
    window: { start: toInstant(Math.max(toMs(start), nowMs)), end },
  };
}

/** Whether `next` says what `sent` said. A window that began meanwhile begins at another now, and means the same. */
function isSame(sent: NewRequest, next: NewRequest, nowMs: number): boolean {
  const begun = [sent, next].every(({ window }) => toMs(window.start) <= nowMs + aMomentMs);
  return (
    sent.key === next.key &&
    sent.justification === next.justification &&
    sent.reasonId === next.reasonId &&
    sent.governanceCode === next.governanceCode &&
    sent.window.end === next.window.end &&
    (begun || sent.window.start === next.window.start)
  );
}
