import type { EventName, EventPayload } from '../../contract/events.ts';
import type { Intent } from '../../contract/intent.ts';
import type { ChainedEntry, Checkpoint } from '../../contract/receipt.ts';
import type { Kind, SessionBrief, SessionDetails } from '../../contract/session.ts';
import type { Instant } from '../../contract/time.ts';
import type { Lease, Picture, RecordingFacts } from '../../contract/viewing.ts';
import type { MediaAccess } from './media-protocol.ts';
import type { IsSigned, ReceiptLog } from './receipts.ts';
import type { SessionNow } from './session-follower.ts';

export type Area = { x: number; y: number; width: number; height: number };

/** How a viewing's page lies: in the main window at `area` (CSS pixels of the window's page; null hides it), or in its own window. */
export type Laid =
  | { frame: 'main'; area: Area | null; fullScreen: boolean }
  | { frame: 'own'; hidden: boolean; fullScreen: boolean };

/** The player's view as far as a viewing needs it. */
export interface PlayerView {
  lay(laid: Laid): void;
  /** Brings its window to the front and gives it the keyboard. */
  focus(): void;
  /** Asks the person where to save; null if they do not want to. The path stays in main. */
  chooseFile(name: string): Promise<string | null>;
  /** Ends its page for certain. Does nothing the second time. */
  destroy(): void;
}

/** What a view tells its viewing. */
export interface ViewReports {
  /** The page has stopped by itself; its view is gone. */
  gone(): void;
  /** The person has closed the window that was its own. */
  closed(): void;
  /** The main window's page is a new one: it has left no room for anything yet. */
  roomLost(): void;
  /** Its own window was minimised, or is there again. */
  seen(seen: boolean): void;
  /** Its window fills the screen, or does so no more, however that came about. */
  filled(fullScreen: boolean): void;
}

/** Makes the view of a viewing, hidden, its page loading. */
export type OpenView = (viewing: { id: string; session: SessionBrief; media: MediaAccess }, reports: ViewReports) => PlayerView;

/** The gateway as far as a viewing needs it. */
export interface ViewingGateway {
  calls: {
    viewings: {
      start(input: { sessionId: string; kind: Kind }): Promise<Lease>;
      recording(input: { id: string }): Promise<{ recording: RecordingFacts | null }>;
      renew(input: { id: string }): Promise<Lease>;
      snapshot(input: { id: string; atMs: number }): Promise<{ at: Instant }>;
      end(input: { id: string }): Promise<unknown>;
      receipts(input: { id: string; entries: ChainedEntry[] }): Promise<{ checkpoint: Checkpoint }>;
    };
    sessions: { get(input: { id: string }): Promise<SessionNow & Pick<SessionDetails, 'coverage'>> };
  };
  media(leaseId: string, path: string, init: { range?: string | undefined; signal: AbortSignal }): Promise<Response>;
}

/** What a watermark says besides the time: whose picture it is, of what, and what allowed it. */
export type SnapshotFacts = { viewer: string; session: SessionBrief; requestId: string | null; kind: Kind };

/** What viewings need of the rest, each as the role it plays. */
export interface ViewingRoles {
  /** The gateway of the person who is signed in; throws SIGNED_OUT when nobody is. */
  gateway: () => ViewingGateway;
  clock: { now(): number };
  /** The name that the watermark shows. */
  viewer(): string;
  openView: OpenView;
  /** Where a person was in a recording when they last watched it here (ms). Neither rejects. */
  positions: { get(sessionId: string): Promise<number | null>; put(sessionId: string, atMs: number): void };
  /** Writes the picture with its watermark to `file`; `at` is the gateway's time. Rejects with FailureError. */
  savePicture(file: string, picture: Picture, facts: SnapshotFacts, at: Instant): Promise<void>;
  receiptLog: Pick<ReceiptLog, 'keep' | 'acknowledged' | 'drop'>;
  /** What tells signed checkpoints of the gateway of who is signed in now. */
  signer(): IsSigned;
  report(error: unknown, where: string): void;
  showMain(): void;
  /** Shows the main window where the intent leads. */
  lead(intent: Intent): void;
  publish<N extends EventName>(name: N, payload: EventPayload<N>, viewingId?: string): void;
}
