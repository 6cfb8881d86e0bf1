import { app, clipboard } from 'electron';
import type { Handlers, PageContext } from '../contract/bridge.ts';
import { fail } from '../contract/failure.ts';
import type { GatewayConnection } from './gateway/connection.ts';
import type { AccountService } from './identity/account.ts';
import type { RequestService } from './requests/service.ts';
import type { SessionService } from './sessions/service.ts';
import type { SettingsStore } from './settings/store.ts';
import type { Viewings } from './viewing/viewings.ts';

export type Services = {
  account: AccountService;
  connection: GatewayConnection;
  sessions: SessionService;
  requests: RequestService;
  viewings: Viewings;
  settings: SettingsStore;
};

const nothing = {};
/** The player page speaks for its own viewing alone. */
const own = ({ viewingId }: PageContext) => viewingId ?? fail('FORBIDDEN_CALL');

/** What main does for each call of the contract: a line a call. */
export function createHandlers({ account, connection, sessions, requests, viewings, settings }: Services): Handlers {
  return {
    'account.get': () => account.get(),
    'account.signIn': (input) => account.signIn(input),
    'account.signOut': () => account.signOut(),
    'account.forget': ({ id }) => account.forget(id),
    'account.retryKeychain': () => account.retryKeychain(),
    'connection.get': () => connection.get(),
    'connection.retry': () => (connection.retryNow(), connection.get()),
    'policy.get': () => requests.policy(),
    'sessions.page': (query) => sessions.pageForWindow(query),
    'sessions.get': ({ id }) => sessions.get(id),
    'sessions.export': ({ query, columns }) => sessions.export(query, columns),
    'requests.list': (query) => requests.list(query),
    'requests.get': ({ id }) => requests.get(id),
    'requests.preflight': (query) => requests.preflight(query),
    'requests.create': (input) => requests.create(input),
    'requests.decide': (input) => requests.decide(input),
    'requests.cancel': (input) => requests.cancel(input),
    'requests.revoke': (input) => requests.revoke(input),
    'requests.context': ({ id }) => requests.context(id),
    'drafts.get': async ({ sessionId, kind }) => ({ draft: await requests.draft(sessionId, kind) }),
    'drafts.put': async (draft) => (await requests.putDraft(draft), nothing),
    'drafts.drop': async ({ sessionId, kind }) => (await requests.dropDraft(sessionId, kind), nothing),
    'viewings.open': ({ sessionId, kind }) => viewings.open(sessionId, kind),
    'viewings.place': ({ viewingId, area }) => (viewings.place(viewingId, area), nothing),
    'viewings.close': async ({ viewingId }, page) => (await viewings.close(page.viewingId ?? viewingId), nothing),
    'viewings.current': (_input, page) => viewings.current(own(page)),
    'viewings.report': ({ entries }, page) => (viewings.report(own(page), entries), nothing),
    'viewings.blanked': (_input, page) => (viewings.blanked(own(page)), nothing),
    'viewings.toRecording': ({ go }, page) => (viewings.toRecording(own(page), go), nothing),
    'settings.get': () => settings.get(),
    'settings.change': (change) => settings.change(change),
    'app.about': () => {
      const state = connection.get();
      const gatewayOffset = state.state === 'signed-out' ? null : `${(state.offsetMs / 1000).toFixed(1)} s`;
      return {
        version: app.getVersion(),
        electron: process.versions.electron,
        locale: app.getLocale(),
        platform: process.platform,
        gatewayOffset,
      };
    },
    'app.copy': ({ text }) => (clipboard.writeText(text), nothing),
  };
}
