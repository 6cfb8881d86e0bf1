import { z } from 'zod';
import { Connection } from './events.ts';
import {
  ExportFormat,
  HistoryField,
  HistoryFigures,
  HistoryFilter,
  HistoryItem,
  HistoryPage,
  HistoryQuery,
  Synchronisation,
} from './history.ts';
import { Account } from './identity.ts';
import { DecisionIntent, Intent } from './intent.ts';
import {
  AccessRequest,
  Cancellation,
  DecisionDraft,
  DecisionResults,
  Draft,
  NewDecision,
  NewDecisions,
  NewRequest,
  Policy,
  Preflight,
  PreflightQuery,
  RequesterContext,
  RequestPage,
  RequestQuery,
  Revocation,
} from './request.ts';
import { NewComment, NewMark, Review, ReviewDraft } from './review.ts';
import { Kind, SessionBrief, SessionDetails, SessionPage, SessionQuery } from './session.ts';
import { SessionColumn, Settings, SettingsChange } from './settings.ts';
import { Instant } from './time.ts';
import { UnsentCheck, UnsentRequest } from './unsent.ts';
import { Frame, OpenViewing, Picture, ReceiptEntry, Viewing } from './viewing.ts';

/**
 * Everything a page may ask main to do: the border as a value. Both ends of the bridge, their types and the test double are
 * derived from it. `pages` names the pages that may make the call; every other page is refused.
 */
export type Page = 'window' | 'player' | 'decision';

const empty = z.object({}).strict();
const done = z.object({});

export const calls = {
  // identity
  'account.get': call(['window'], empty, Account),
  'account.signIn': call(
    ['window'],
    z.object({
      gateway: z.string().trim().max(300),
      userName: z.string().trim().min(1).max(200),
      password: z.string().min(1).max(1000),
      oneTimeCode: z.string().trim().max(20).optional(),
      remember: z.boolean(),
    }),
    Account,
  ),
  'account.signOut': call(['window'], empty, Account),
  'account.forget': call(['window'], z.object({ id: z.string().max(100) }), Account),
  /** Probes the keychain again, after the person has unlocked it. */
  /** Proves afresh who decides; main keeps the proof for as long as it is good, and nothing of what was typed. */
  'account.stepUp': call(
    ['window', 'decision'],
    z.discriminatedUnion('how', [
      z.object({ how: z.literal('password'), password: z.string().min(1).max(1000) }),
      z.object({ how: z.literal('one-time-code'), oneTimeCode: z.string().trim().min(1).max(20) }),
    ]),
    done,
  ),
  'account.retryKeychain': call(['window'], empty, Account),

  // the gateway as seen from here
  'connection.get': call(['window', 'player', 'decision'], empty, Connection),
  'connection.retry': call(['window'], empty, Connection),
  'policy.get': call(['window', 'player', 'decision'], empty, Policy),

  // session
  'sessions.page': call(
    ['window'],
    SessionQuery,
    z.object({
      ...SessionPage.shape,
      /** `archive` when the gateway cannot be reached: what was seen here before. */
      from: z.enum(['gateway', 'archive']),
      /** Gateway time at which this was true. */
      asOf: Instant,
    }),
  ),
  'sessions.get': call(['window'], z.object({ id: z.string().max(64) }), SessionDetails),
  /** Asks where to save (a dialog of the system), then writes every session that fits as CSV. */
  'sessions.export': call(
    ['window'],
    z.object({ query: SessionQuery.omit({ cursor: true, limit: true }), columns: z.array(SessionColumn).min(1) }),
    z.discriminatedUnion('saved', [
      z.object({ saved: z.literal(true), rows: z.number().int() }),
      z.object({ saved: z.literal(false) }),
    ]),
  ),

  // review: comments and "audited" marks; a player page speaks of its own session alone
  'review.get': call(['window', 'player'], z.object({ sessionId: z.string().max(64) }), Review),
  'review.comment': call(['window', 'player'], NewComment, Review),
  'review.withdraw': call(
    ['window', 'player'],
    z.object({ sessionId: z.string().max(64), commentId: z.string().max(64) }),
    Review,
  ),
  'review.mark': call(['window', 'player'], NewMark, Review),
  'reviewDrafts.get': call(
    ['window', 'player'],
    z.object({ sessionId: z.string().max(64), what: z.enum(['comment', 'mark']) }),
    z.object({ draft: ReviewDraft.nullable() }),
  ),
  'reviewDrafts.put': call(['window', 'player'], ReviewDraft, done),
  'reviewDrafts.drop': call(
    ['window', 'player'],
    z.object({ sessionId: z.string().max(64), what: z.enum(['comment', 'mark']) }),
    done,
  ),

  // request
  'requests.list': call(['window'], RequestQuery, RequestPage),
  /** Requests waiting for this person at this moment. */
  'requests.counts': call(['window'], empty, z.object({ waiting: z.number().int().nonnegative() })),
  'requests.get': call(['window', 'decision'], z.object({ id: z.string().max(64) }), AccessRequest),
  'requests.preflight': call(['window'], PreflightQuery, Preflight),
  'requests.create': call(['window'], NewRequest, AccessRequest),
  'requests.decide': call(['window', 'decision'], NewDecision, AccessRequest),
  'requests.decideMany': call(['window'], NewDecisions, DecisionResults),
  'requests.cancel': call(['window'], Cancellation, AccessRequest),
  'requests.revoke': call(['window', 'decision'], Revocation, AccessRequest),
  'requests.context': call(['window', 'decision'], z.object({ id: z.string().max(64) }), RequesterContext),
  /** Drafts survive crash and restart; saving a request drops its draft. */
  'drafts.get': call(['window'], z.object({ sessionId: z.string().max(64), kind: Kind }), z.object({ draft: Draft.nullable() })),
  'drafts.put': call(['window'], Draft, done),
  'drafts.drop': call(['window'], z.object({ sessionId: z.string().max(64), kind: Kind }), done),
  /** Keeps a draft until the person says that it is to be sent. */
  'drafts.keep': call(['window'], z.object({ draft: Draft, session: SessionBrief }), done),
  /** What was written and has not reached the gateway, as far as is known here. */
  'drafts.unsent': call(['window'], empty, z.object({ unsent: z.array(UnsentRequest) })),
  /** What has changed since an unsent request was written; asks the gateway. */
  'drafts.check': call(['window'], z.object({ sessionId: z.string().max(64), kind: Kind }), UnsentCheck),
  /** Sends it now; sent again after a lost answer it makes no second request. */
  'drafts.send': call(['window'], z.object({ sessionId: z.string().max(64), kind: Kind }), AccessRequest),

  'decisionDrafts.get': call(
    ['window', 'decision'],
    z.object({ requestId: z.string().max(64) }),
    z.object({ draft: DecisionDraft.nullable() }),
  ),
  'decisionDrafts.put': call(['window', 'decision'], DecisionDraft, done),
  'decisionDrafts.drop': call(['window', 'decision'], z.object({ requestId: z.string().max(64) }), done),

  // history
  /** A page of what is on record, from the archive of this computer: the same online and offline. */
  'history.page': call(
    ['window'],
    z.object({ query: HistoryQuery, from: z.number().int().nonnegative(), limit: z.number().int().min(1).max(500).default(100) }),
    HistoryPage,
  ),
  /** How many rows a query has in all. */
  'history.count': call(['window'], z.object({ query: HistoryQuery }), z.object({ total: z.number().int().nonnegative() })),
  'history.get': call(['window'], z.object({ requestId: z.string().max(64) }), HistoryItem),
  'history.figures': call(['window'], z.object({ filter: HistoryFilter }), HistoryFigures),
  /** Values that a filter can have and that contain some text, at most 20. */
  'history.values': call(
    ['window'],
    z.object({ field: HistoryField, text: z.string().trim().max(200) }),
    z.object({ values: z.array(z.string()) }),
  ),
  /** How old what is kept is (null before it was ever complete), and what is going on. */
  'history.status': call(
    ['window'],
    empty,
    z.object({ synchronisation: Synchronisation, synchronisedAt: Instant.nullable(), requests: z.number().int().nonnegative() }),
  ),
  /** Asks where to save, then writes everything that fits. One export at a time. */
  'history.export': call(
    ['window'],
    z.object({
      query: HistoryQuery,
      format: ExportFormat,
      /** CSV: led by a byte order mark, as spreadsheets want it. */
      byteOrderMark: z.boolean(),
    }),
    z.discriminatedUnion('saved', [
      z.object({
        saved: z.literal(true),
        rows: z.number().int(),
        /** Whether the gateway has it on record already, or is told when it can be reached. */
        recorded: z.enum(['now', 'later']),
      }),
      z.object({ saved: z.literal(false) }),
    ]),
  ),
  'history.cancelExport': call(['window'], empty, done),

  // decision window
  /** Opens the small window that shows one request and decides about it, or brings it to the front. */
  'decision.open': call(['window'], z.object({ requestId: z.string().max(64) }), done),
  /** What the decision page is for. */
  'decision.current': call(['decision'], empty, z.object({ requestId: z.string(), intent: DecisionIntent })),
  'decision.close': call(['decision'], empty, done),
  /** Shows the main window at this request. */
  'decision.showInMain': call(['decision'], empty, done),

  // viewing
  /** The viewings of this client, in the order they were opened; the event `viewings` tells of each change. */
  'viewings.list': call(['window'], empty, z.object({ viewings: z.array(OpenViewing) })),
  /**
   * Opens the player view over the content area, or brings the one that shows this already to the front. `atMs` is where a recording is to
   * begin, or to go on if it is watched already; without it, where this person last was.
   */
  'viewings.open': call(
    ['window'],
    z.object({ sessionId: z.string().max(64), kind: Kind, atMs: z.number().int().nonnegative().optional() }),
    z.object({ viewingId: z.string() }),
  ),
  /** Where the window leaves room for the player, in CSS pixels of the window; null hides the player. */
  'viewings.place': call(
    ['window'],
    z.object({
      viewingId: z.string(),
      area: z.object({ x: z.number(), y: z.number(), width: z.number().positive(), height: z.number().positive() }).nullable(),
    }),
    done,
  ),
  /** Ends a viewing: closes its view, drops its lease. */
  'viewings.close': call(['window', 'player'], z.object({ viewingId: z.string() }), done),
  /** Moves a viewing to a window of its own, or back into the main window; it plays on. */
  'viewings.move': call(['window', 'player'], z.object({ viewingId: z.string(), to: Frame }), done),
  /** Brings a viewing that has a window of its own to the front. */
  'viewings.focus': call(['window'], z.object({ viewingId: z.string() }), done),
  /** The player over the whole screen, or back in its place. */
  'viewings.fullScreen': call(['player'], z.object({ on: z.boolean() }), done),
  /** Shows the main window with the dialog that asks for more time, in the words of the request that allows the viewing. */
  'viewings.moreTime': call(['player'], empty, done),
  /** Opens what has ended here once more, where it stopped. */
  'viewings.again': call(['player'], empty, done),
  /** Saves the picture with a watermark, if the policy allows it: main asks the gateway, and then the person where to. */
  'viewings.snapshot': call(['player'], z.object({ picture: Picture }), z.object({ saved: z.boolean() })),
  /** What the player page is to play. */
  'viewings.current': call(['player'], empty, Viewing),
  /** What the player page shows, as it shows it. */
  'viewings.report': call(['player'], z.object({ entries: z.array(ReceiptEntry).min(1).max(500) }), done),
  /** The player page says that picture and buffers are gone (main waits for this before it destroys the page). */
  'viewings.blanked': call(['player'], empty, done),

  /** The stream is over: leads the window to the session's recording, or to the dialog that asks for it. */
  'viewings.toRecording': call(['player'], z.object({ go: z.enum(['watch', 'ask']) }), done),

  // settings
  'settings.get': call(['window', 'player', 'decision'], empty, Settings),
  'settings.change': call(['window'], SettingsChange, Settings),
  /** Where a link, a notice or the tray led before this page was there and somebody was signed in. */
  'app.nextIntent': call(['window'], empty, z.object({ intent: Intent.nullable() })),
  /** The page shows from now on what must not be missed; main says what has waited for that. */
  'app.listening': call(['window'], empty, done),
  /** The answer to the event `closing`: whether the app goes on in the tray. It is kept as the setting. */
  'app.close': call(['window'], z.object({ background: z.boolean() }), done),
  /** What of the desktop the settings have to speak of. */
  'app.desktop': call(
    ['window'],
    empty,
    z.object({
      /** Whether the system shows tray icons; null where that cannot be known. */
      tray: z.boolean().nullable(),
      /** Whether the system can start the app when the person signs in. */
      startAtLogin: z.boolean(),
    }),
  ),
  'app.about': call(
    ['window', 'player', 'decision'],
    empty,
    z.object({
      version: z.string(),
      electron: z.string(),
      locale: z.string(),
      platform: z.string(),
      /** Whether this system keeps windows out of screenshots when asked to. */
      protectsContent: z.boolean(),
      /** Whether this system tells when the screen is locked. */
      tellsLock: z.boolean(),
      gatewayOffset: z.string().nullable(),
    }),
  ),
  /** Puts text on the clipboard: session IDs and the like. */
  'app.copy': call(['window'], z.object({ text: z.string().max(10_000) }), done),
} as const;

function call<I extends z.ZodType, O extends z.ZodType>(pages: readonly Page[], input: I, output: O) {
  return { pages, input, output };
}

export type Calls = typeof calls;
export type CallName = keyof Calls;
/** What the caller writes (defaults may be left out). */
export type CallInput<N extends CallName> = z.input<Calls[N]['input']>;
/** What the handler gets (parsed). */
export type CallParsed<N extends CallName> = z.output<Calls[N]['input']>;
export type CallOutput<N extends CallName> = z.output<Calls[N]['output']>;
