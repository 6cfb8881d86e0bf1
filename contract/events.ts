import { z } from 'zod';
import type { Page } from './calls.ts';
import { Synchronisation } from './history.ts';
import { Account } from './identity.ts';
import { DecisionIntent, Intent } from './intent.ts';
import { AccessRequest, Policy } from './request.ts';
import { Access, Kind, Session, SessionEvent, SessionState } from './session.ts';
import { Settings } from './settings.ts';
import { Instant } from './time.ts';
import { UnsentRequest } from './unsent.ts';
import { Frame, OpenViewing, ViewingEnd } from './viewing.ts';

/** How things stand with the gateway. `offsetMs` is gateway time minus this computer's time. */
export const Connection = z.discriminatedUnion('state', [
  z.object({ state: z.literal('signed-out') }),
  z.object({ state: z.literal('connecting'), offsetMs: z.number() }),
  z.object({
    state: z.literal('online'),
    offsetMs: z.number(),
    /** Minutes the gateway's zone is ahead of UTC, for "gateway time". */
    gatewayZoneMinutes: z.number().int(),
    synchronisedAt: Instant,
  }),
  z.object({
    state: z.literal('offline'),
    offsetMs: z.number(),
    gatewayZoneMinutes: z.number().int(),
    since: Instant,
    /** When main tries next by itself. */
    retryAt: Instant,
    why: z.object({ code: z.string(), data: z.unknown() }),
    synchronisedAt: Instant.nullable(),
  }),
]);
export type Connection = z.infer<typeof Connection>;

/** Everything main may tell a page without being asked; the pages that are told are named as in calls.ts. */
export const events = {
  account: event(['window'], Account),
  connection: event(['window', 'player', 'decision'], Connection),
  policy: event(['window', 'player', 'decision'], Policy),
  settings: event(['window', 'player', 'decision'], Settings),
  /** Requests that are new or have changed, as this person may see them now, and those they may not see any more. */
  requests: event(['window', 'decision'], z.object({ changed: z.array(AccessRequest), removed: z.array(z.string()) })),
  /** A decision window that lies open already was asked for again, with another wish. */
  'decision-intent': event(['decision'], z.object({ requestId: z.string(), intent: DecisionIntent })),
  /** Sessions that are new or have changed (state, access). `ids` is null when anything may have changed. */
  sessions: event(['window'], z.object({ changed: z.array(Session), all: z.boolean() })),
  /** What is said about a session has changed, or about any (null). */
  review: event(['window', 'player'], z.object({ sessionId: z.string().nullable() })),
  /** The viewings of this client have changed: one was opened, moved, ended or closed. */
  viewings: event(['window'], z.object({ viewings: z.array(OpenViewing) })),
  /** A viewing moves back into the main window, which goes to it and makes room. */
  'viewing-comes': event(['window'], z.object({ viewingId: z.string(), sessionId: z.string(), kind: Kind })),
  /** The viewing's page has moved to another window, or fills the screen now or no more. */
  'viewing-frame': event(['player'], z.object({ viewingId: z.string(), frame: Frame, fullScreen: z.boolean() })),
  /** The person wants to see another place of the recording (ms): they chose it in the window. */
  'viewing-go': event(['player'], z.object({ viewingId: z.string(), atMs: z.number().int().nonnegative() })),
  /** What has ended here may be watched again now. */
  'viewing-allowed': event(['player'], z.object({ viewingId: z.string() })),
  /** A viewing has ended. The window says so and gives its room back; the player page blanks at once. */
  'viewing-ended': event(['window', 'player'], z.object({ viewingId: z.string(), end: ViewingEnd })),
  /** The gateway's record of a viewing is not the one of this computer: somebody should look into it. Null for one of an earlier day. */
  'receipts-contradicted': unmissed(['window'], z.object({ sessionId: z.string().nullable() })),
  /** The gateway signs its records with another key than the one that this account knows. */
  'receipt-key-changed': unmissed(['window'], z.object({})),
  /** The lease's window was changed (narrowed, or more time was granted). */
  'viewing-window': event(['window', 'player'], z.object({ viewingId: z.string(), accessEnd: Instant.nullable() })),
  /** What became of the session of a running stream, or of one that has just ended: its recording may be there by now. */
  'viewing-session': event(['player'], z.object({ viewingId: z.string(), state: SessionState, recording: Access })),
  /** What happened in the session of a running stream since its events were last told; in order, behind those. */
  'viewing-events': event(['player'], z.object({ viewingId: z.string(), added: z.array(SessionEvent).min(1) })),
  /** The player's view was hidden, or is shown again: the page pauses while nobody can see it. */
  'viewing-visible': event(['player'], z.object({ viewingId: z.string(), visible: z.boolean() })),
  /** The main window is being closed, and the person has not yet said what that means: they are asked. */
  closing: event(['window'], z.object({})),
  intent: event(['window'], Intent),
  /** What was written and has not reached the gateway. */
  drafts: event(['window'], z.object({ unsent: z.array(UnsentRequest) })),
  /** What History shows has changed: lists and figures are asked for again. */
  history: event(['window'], z.object({})),
  /** How far the archive is with what the gateway has. */
  synchronisation: event(['window'], Synchronisation),
  /** How far an export has come. `total` is null while it is not known. */
  'export-progress': event(['window'], z.object({ rows: z.number().int(), total: z.number().int().nullable() })),
  /** Something went wrong with what is kept on this computer, and what was done about it. */
  'storage-notice': unmissed(
    ['window'],
    z.object({
      notice: z.enum([
        'archive-rebuilt',
        'archive-too-new',
        'archive-in-memory',
        /** The disk is full, or the folder cannot be written. */
        'archive-unusable',
        /** What is kept here is not what the gateway signed; it is read anew. */
        'archive-contradicted',
        'drafts-lost',
        'settings-reset',
      ]),
    }),
  ),
} as const;

function event<P extends z.ZodType>(pages: readonly Page[], payload: P) {
  return { pages, payload, waits: false };
}

/** One that is said once and must be seen: it waits until the page has said `app.listening`. */
function unmissed<P extends z.ZodType>(pages: readonly Page[], payload: P) {
  return { pages, payload, waits: true };
}

export type Events = typeof events;
export type EventName = keyof Events;
export type EventPayload<N extends EventName> = z.output<Events[N]['payload']>;
