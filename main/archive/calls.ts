import type { EventPayload } from '../../contract/events.ts';
import type {
  Confirmation,
  ExportRecord,
  HistoryField,
  HistoryFigures,
  HistoryFilter,
  HistoryItem,
  HistoryPage,
  HistoryQuery,
  ViewingRecord,
} from '../../contract/history.ts';
import type { ChainedEntry, Checkpoint } from '../../contract/receipt.ts';
import type { AccessRequest, DecisionDraft, Draft, NewRequest, RequestPage, RequestQuery } from '../../contract/request.ts';
import type { ReviewDraft } from '../../contract/review.ts';
import type { NotKept } from '../../contract/seal.ts';
import type { Kind, Session, SessionBrief, SessionPage, SessionQuery } from '../../contract/session.ts';
import type { Instant } from '../../contract/time.ts';
import type { UnsentRequest } from '../../contract/unsent.ts';
import type { Applied, ApplyPage, CheckPage, FeedState } from './changes.ts';
import type { WaitingExport } from './exports.ts';
import type { WaitingReceipts } from './receipts.ts';

/** What has to be said to the person about what opening found. */
export type ArchiveNotice = Exclude<EventPayload<'storage-notice'>['notice'], 'settings-reset'>;

/** The border between main and the archive's process: both are ours, so it is typed and not parsed again. */
export interface ArchiveCalls {
  /** `name` becomes the files' name; `key` is 64 hex digits, or null to keep everything in memory. */
  open: {
    input: { folder: string; name: string; key: string | null };
    /** `looked`: whether every page of the archive has been looked at, now or not long ago. */
    output: { notices: ArchiveNotice[]; looked: boolean };
  };
  /** Looks at every page of an archive, whoever has it open. Takes as long as reading it: for a process of its own. */
  look: { input: { folder: string; name: string; key: string }; output: { damaged: boolean } };
  /** Notes that the files that are open have to be looked at wholly when they are opened next. */
  suspect: { input: {}; output: {} };
  close: { input: {}; output: {} };
  /** Removes every file of `name`, those that were put aside too. */
  /** `keepReceipts` leaves the file of those that were set aside. */
  wipe: { input: { folder: string; name: string; keepReceipts?: boolean }; output: {} };
  /** Copies receipts and exports that wait in the files of `name` into a file with a key of its own; with none it only looks. */
  'receipts.setAside': {
    input: { folder: string; name: string; key: string; keptKey: string | null };
    output: { entries: number; exports: number; shownMs: number };
  };
  /** Moves what was set aside into the open files. */
  'receipts.takeBack': { input: { folder: string; name: string; keptKey: string }; output: {} };
  /** Takes what is newer than what is there. Answers with the ids of those that changed something. */
  'requests.put': { input: { items: AccessRequest[] }; output: { changed: string[] } };
  'requests.count': { input: { nowMs: number }; output: { waiting: number } };
  'requests.list': { input: { query: RequestQuery; personId: string; nowMs: number }; output: RequestPage };
  'requests.get': { input: { id: string }; output: { request: AccessRequest | null } };
  'viewings.put': { input: { items: ViewingRecord[] }; output: {} };
  'sessions.put': { input: { items: Session[] }; output: {} };
  'sessions.putCommands': { input: { id: string; commands: string | null }; output: {} };
  'sessions.page': { input: SessionQuery; output: SessionPage };
  'sessions.get': { input: { id: string }; output: { session: Session | null } };
  'drafts.get': { input: { sessionId: string; kind: Kind }; output: { draft: Draft | null } };
  'drafts.put': { input: Draft; output: {} };
  'drafts.drop': { input: { sessionId: string; kind: Kind }; output: {} };
  'drafts.keep': { input: { draft: Draft; session: SessionBrief; at: Instant }; output: {} };
  'drafts.sent': { input: { sessionId: string; kind: Kind }; output: { sent: NewRequest | null } };
  /** The request and its key, written down before they leave. */
  'drafts.sending': { input: { request: NewRequest; at: Instant }; output: {} };
  'drafts.refused': { input: { request: NewRequest }; output: {} };
  'drafts.unsent': { input: {}; output: { items: UnsentRequest[] } };
  'decisionDrafts.get': { input: { requestId: string }; output: { draft: DecisionDraft | null } };
  'decisionDrafts.put': { input: DecisionDraft; output: {} };
  'decisionDrafts.drop': { input: { requestId: string }; output: {} };
  'reviewDrafts.get': { input: { sessionId: string; what: ReviewDraft['what'] }; output: { draft: ReviewDraft | null } };
  'reviewDrafts.put': { input: ReviewDraft; output: {} };
  'reviewDrafts.drop': { input: { sessionId: string; what: ReviewDraft['what'] }; output: {} };
  'receipts.put': { input: { viewingId: string; entries: readonly ChainedEntry[] }; output: {} };
  'receipts.acknowledged': { input: Checkpoint; output: {} };
  'receipts.drop': { input: { viewingId: string }; output: {} };
  'receipts.waiting': { input: {}; output: { waiting: WaitingReceipts[] } };
  'history.page': { input: { query: HistoryQuery; from: number; limit: number; nowMs: number }; output: HistoryPage };
  'history.count': { input: { query: HistoryQuery; nowMs: number }; output: { total: number } };
  'history.get': { input: { requestId: string }; output: { item: HistoryItem | null } };
  'history.figures': { input: { filter: HistoryFilter; nowMs: number }; output: HistoryFigures };
  'history.values': { input: { field: HistoryField; text: string; nowMs: number }; output: { values: string[] } };
  /** Removes what is older than it may be kept (gateway time, epoch ms). Answers with the ids of the requests that are gone. */
  'history.expire': { input: { untilMs: number; nowMs: number }; output: { gone: string[] } };
  /** All of the archive (base64) where it is in memory alone; null where it is a file. */
  image: { input: {}; output: { image: string | null } };
  /** An export begins, under this name. */
  'exports.begin': { input: { key: string; unfinished: string }; output: {} };
  /** Its data are on the disk: from now on the gateway is to know of it, whatever happens. */
  'exports.put': { input: ExportRecord; output: {} };
  'exports.drop': { input: { key: string }; output: {} };
  'exports.waiting': { input: {}; output: { waiting: WaitingExport[] } };
  /** How far the gateway's feed was read. */
  'changes.state': { input: {}; output: FeedState };
  /** A pull begins: what waits for its page by now must be in what it brings. Answers with where to go on. */
  'changes.begin': { input: {}; output: FeedState };
  /** Takes in a page of the feed, whole or not at all, with its seal and the cursor behind it. */
  'changes.apply': { input: ApplyPage; output: Applied };
  /** A pull has come to its end. A part of what is left to do for it; to be called until it is `done`. */
  'changes.finish': { input: { keepSinceMs: number }; output: { done: boolean; removed: string[]; doubtful: number } };
  /** Takes what may not be kept any more out of sessions that were only seen, the next few after an id; `next` is null behind the last. */
  'changes.strip': { input: { notKept: NotKept; after: string }; output: { next: string | null } };
  /** Everything is to be read anew: the next pull begins without a cursor. What is there stays until it is replaced. */
  'changes.forget': { input: {}; output: {} };
  /** Compares what is kept with one page of the feed, the first after `after`; `next` is null behind the last. */
  'changes.check': { input: CheckPage; output: { next: number | null; contradicted: number } };
  /** Whether the gateway's signed word covers a request with its session and viewings. */
  'changes.confirm': { input: { requestId: string; key: string | null }; output: { confirmation: Confirmation } };
  'meta.get': { input: { name: string }; output: { value: string | null } };
  'meta.put': { input: { name: string; value: string }; output: {} };
}

export type ArchiveCallName = keyof ArchiveCalls;

/** The JSON text of a `T`. Rows are kept as text and leave as text: nothing is parsed only to be written again. */
export type Json<T> = string & { readonly of?: T };
export const json = <T>(value: T): Json<T> => JSON.stringify(value) as Json<T>;

/** Calls that can take long: they are worked through in slices, and others are answered in between. */
export type SlicedCallName = 'history.page' | 'history.count' | 'history.figures' | 'history.values' | 'history.expire';

type Answered<N extends ArchiveCallName> = N extends SlicedCallName
  ? Promise<Json<ArchiveCalls[N]['output']>>
  : Json<ArchiveCalls[N]['output']>;
export type ArchiveHandlers = { [N in ArchiveCallName]: (input: ArchiveCalls[N]['input']) => Answered<N> };

/** Comes with a port to a page. `nowMs` is gateway time. */
export type ArchiveIntroduction = { nowMs: number };
export type ArchiveAsk = { id: number; name: ArchiveCallName; input: unknown };
/** A page of rows travels as one JSON text: cheaper to copy between processes than its objects. */
export type ArchiveAnswer = { id: number; json: string } | { id: number; error: string };
