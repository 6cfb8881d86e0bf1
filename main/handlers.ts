import { app, clipboard } from 'electron';
import type { Handlers, PageContext } from '../contract/bridge.ts';
import { fail } from '../contract/failure.ts';
import type { GatewayConnection } from './gateway/connection.ts';
import type { HistoryService } from './history/service.ts';
import type { AccountService } from './identity/account.ts';
import type { DecisionWindows } from './requests/decision-windows.ts';
import type { Drafts } from './requests/drafts.ts';
import type { RequestService } from './requests/service.ts';
import type { StepUp } from './requests/step-up.ts';
import type { ReviewService } from './reviews/service.ts';
import type { SessionService } from './sessions/service.ts';
import type { SettingsStore } from './settings/store.ts';
import type { Background } from './shell/background.ts';
import { isTrayThere } from './shell/desktop-bus.ts';
import { canStartAtLogin } from './shell/login-item.ts';
import type { Presence } from './shell/presence.ts';
import type { ScreenLock } from './viewing/screen-lock.ts';
import type { Viewings } from './viewing/viewings.ts';

export type Services = {
  account: AccountService;
  connection: GatewayConnection;
  sessions: SessionService;
  requests: RequestService;
  drafts: Drafts;
  history: HistoryService;
  reviews: ReviewService;
  viewings: Viewings;
  settings: SettingsStore;
  stepUp: StepUp;
  decisions: DecisionWindows;
  presence: Presence;
  screenLock: ScreenLock;
};

/** The answer to what is only done, once it is. */
async function done(work: unknown): Promise<Record<string, never>> {
  await work;
  return {};
}

/** The player page speaks for its own viewing alone. */
const own = ({ viewingId }: PageContext) => viewingId ?? fail('FORBIDDEN_CALL');

const ofDecision = ({ requestId }: PageContext) => requestId ?? fail('FORBIDDEN_CALL');
/** A decision page speaks of its own request alone; the window of any. */
const about = (page: PageContext, id: string) =>
  page.page === 'decision' && ofDecision(page) !== id ? fail('FORBIDDEN_CALL') : id;

/** What main does for each call of the contract: a line a call. */
export function createHandlers({
  account,
  connection,
  sessions,
  requests,
  drafts,
  history,
  reviews,
  viewings,
  settings,
  stepUp,
  decisions,
  presence,
  background,
  screenLock,
  listening,
}: Services & { background: Background; listening: () => void }): Handlers {
  /** A player page speaks of the session that it shows; the window of any. */
  const ofSession = (page: PageContext, id: string) =>
    page.page === 'player' && viewings.sessionOf(own(page)) !== id ? fail('FORBIDDEN_CALL') : id;

  return {
    'account.get': () => account.get(),
    'account.signIn': (input) => account.signIn(input),
    'account.signOut': () => account.signOut(),
    'account.forget': ({ id }) => account.forget(id),
    'account.stepUp': (input) =>
      done(stepUp.prove(input.how === 'password' ? { password: input.password } : { oneTimeCode: input.oneTimeCode })),
    'account.retryKeychain': () => account.retryKeychain(),
    'connection.get': () => connection.get(),
    'connection.retry': () => {
      connection.retryNow();
      return connection.get();
    },
    'policy.get': () => requests.policy(),
    'sessions.page': (query) => sessions.pageForWindow(query),
    'sessions.get': ({ id }) => sessions.get(id),
    'sessions.export': ({ query, columns }) => sessions.export(query, columns),
    'review.get': ({ sessionId }, page) => reviews.get(ofSession(page, sessionId)),
    'review.comment': (input, page) => reviews.comment({ ...input, sessionId: ofSession(page, input.sessionId) }),
    'review.withdraw': ({ sessionId, commentId }, page) => reviews.withdraw(ofSession(page, sessionId), commentId),
    'review.mark': (input, page) => reviews.mark({ ...input, sessionId: ofSession(page, input.sessionId) }),
    'reviewDrafts.get': async ({ sessionId, what }, page) => ({
      draft: await reviews.draft(ofSession(page, sessionId), what),
    }),
    'reviewDrafts.put': async (draft, page) => done(reviews.putDraft({ ...draft, sessionId: ofSession(page, draft.sessionId) })),
    'reviewDrafts.drop': async ({ sessionId, what }, page) => done(reviews.dropDraft(ofSession(page, sessionId), what)),
    'requests.list': (query) => requests.list(query),
    'requests.counts': () => requests.counts(),
    'requests.get': ({ id }, page) => requests.get(about(page, id)),
    'requests.preflight': (query) => requests.preflight(query),
    'requests.create': (input) => requests.create(input),
    'requests.decide': (input, page) => requests.decide({ ...input, id: about(page, input.id) }),
    'requests.decideMany': (input) => requests.decideMany(input),
    'requests.cancel': (input) => requests.cancel(input),
    'requests.revoke': (input, page) => requests.revoke({ ...input, id: about(page, input.id) }),
    'requests.context': ({ id }, page) => requests.context(about(page, id)),
    'drafts.get': async ({ sessionId, kind }) => ({ draft: await drafts.get(sessionId, kind) }),
    'drafts.put': async (draft) => done(drafts.put(draft)),
    'drafts.drop': async ({ sessionId, kind }) => done(drafts.drop(sessionId, kind)),
    'drafts.keep': async ({ draft, session }) => done(drafts.keep(draft, session)),
    'drafts.unsent': async () => ({ unsent: await drafts.unsent() }),
    'drafts.check': ({ sessionId, kind }) => drafts.check(sessionId, kind),
    'drafts.send': async ({ sessionId, kind }) => requests.create(await drafts.request(sessionId, kind)),
    'decisionDrafts.get': async ({ requestId }, page) => ({ draft: await requests.decisionDraft(about(page, requestId)) }),
    'decisionDrafts.put': async (draft, page) =>
      done(requests.putDecisionDraft({ ...draft, requestId: about(page, draft.requestId) })),
    'decisionDrafts.drop': async ({ requestId }, page) => done(requests.dropDecisionDraft(about(page, requestId))),
    'history.page': ({ query, from, limit }) => history.page(query, from, limit),
    'history.count': ({ query }) => history.count(query),
    'history.get': ({ requestId }) => history.get(requestId),
    'history.figures': ({ filter }) => history.figures(filter),
    'history.values': ({ field, text }) => history.values(field, text),
    'history.status': () => history.status(),
    'history.export': (input) => history.export(input),
    'history.cancelExport': () => done(history.cancelExport()),
    'decision.open': ({ requestId }) => done(decisions.open({ requestId, intent: 'open' })),
    'decision.current': (_input, page) => decisions.current(ofDecision(page)),
    'decision.close': (_input, page) => done(decisions.close(ofDecision(page))),
    'decision.showInMain': (_input, page) => done(decisions.showInMain(ofDecision(page))),
    'viewings.list': () => ({ viewings: viewings.list() }),
    'viewings.open': ({ sessionId, kind, atMs }) => viewings.open(sessionId, kind, atMs),
    'viewings.place': ({ viewingId, area }) => done(viewings.place(viewingId, area)),
    'viewings.close': async ({ viewingId }, page) => done(viewings.close(page.viewingId ?? viewingId)),
    'viewings.move': ({ viewingId, to }, page) => done(viewings.move(page.viewingId ?? viewingId, to)),
    'viewings.focus': ({ viewingId }) => done(viewings.focus(viewingId)),
    'viewings.fullScreen': ({ on }, page) => done(viewings.fullScreen(own(page), on)),
    'viewings.moreTime': (_input, page) => done(viewings.moreTime(own(page))),
    'viewings.again': (_input, page) => done(viewings.again(own(page))),
    'viewings.snapshot': async ({ picture }, page) => ({ saved: await viewings.snapshot(own(page), picture) }),
    'viewings.current': (_input, page) => viewings.current(own(page)),
    'viewings.report': ({ entries }, page) => done(viewings.report(own(page), entries)),
    'viewings.blanked': (_input, page) => done(viewings.blanked(own(page))),
    'viewings.toRecording': ({ go }, page) => done(viewings.toRecording(own(page), go)),
    'settings.get': () => settings.get(),
    'settings.change': (change) => settings.change(change),
    'app.close': async (answer) => done(background.answer(answer.background)),
    'app.desktop': async () => ({ tray: await isTrayThere(), startAtLogin: canStartAtLogin() }),
    'app.listening': () => done(listening()),
    'app.nextIntent': async () => ({ intent: await presence.links.next() }),
    'app.about': () => {
      const state = connection.get();
      const gatewayOffset = state.state === 'signed-out' ? null : `${(state.offsetMs / 1000).toFixed(1)} s`;
      return {
        version: app.getVersion(),
        electron: process.versions.electron,
        locale: app.getLocale(),
        platform: process.platform,
        protectsContent: process.platform !== 'linux',
        tellsLock: screenLock.isTold,
        gatewayOffset,
      };
    },
    'app.copy': ({ text }) => done(clipboard.writeText(text)),
  };
}
