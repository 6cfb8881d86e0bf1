import type { EventName } from '../../contract/events.ts';
import type { Intent } from '../../contract/intent.ts';
import type { ChainedEntry } from '../../contract/receipt.ts';
import { toInstant } from '../../contract/time.ts';
import type { Lease, ViewingEnd } from '../../contract/viewing.ts';
import type { Laid, PlayerView, ViewingRoles, ViewReports } from '../../main/viewing/roles.ts';
import { createViewings } from '../../main/viewing/viewings.ts';
import { memoryReceiptLog, wordFor } from './receipt-log.ts';

export const startMs = Date.parse('2026-11-24T12:00:00.000Z');
export const area = { x: 208, y: 0, width: 1072, height: 800 };
export const session = {
  id: '4f1e9',
  user: 'akim',
  credential: 'root',
  device: 'web-1',
  protocol: 'SSH' as const,
  startedAt: toInstant(startMs - 1e7),
  durationMs: 60_000,
  state: 'recorded' as const,
  commandCount: 1,
  alertCount: 0,
};

const unavailable = { state: 'unavailable' as const, why: 'converting' as const };

/** Viewings over a gateway and views that only note what they are asked. */
export function viewingWorld(
  options: {
    accessEndMs?: number | null;
    renew?: () => Promise<void>;
    snapshot?: () => Promise<void>;
    file?: string | null;
  } = {},
) {
  const told: { name: EventName; payload: unknown }[] = [];
  const laid: Laid[] = [];
  const sent: ChainedEntry[][] = [];
  const calls: string[] = [];
  const views: (PlayerView & { destroyed: boolean; reports: ViewReports })[] = [];
  const positions = new Map<string, number>();
  const saved: string[] = [];
  const focused: string[] = [];
  const led: Intent[] = [];
  const accessEndMs = options.accessEndMs === undefined ? startMs + 3_600_000 : options.accessEndMs;
  let started = 0;
  const sessionOf = new Map<string, string>();
  const lease = (id: string): Lease => ({
    viewingId: id,
    leaseId: 'abcdefghij0123456789',
    kind: 'recording',
    session: { ...session, id: sessionOf.get(id) ?? session.id },
    requestId: 'r1',
    expiresAt: toInstant(Math.min(Date.now() + 60_000, accessEndMs ?? Number.POSITIVE_INFINITY)),
    accessEnd: accessEndMs === null ? null : toInstant(accessEndMs),
  });
  const gateway: ReturnType<ViewingRoles['gateway']> = {
    calls: {
      viewings: {
        async start({ sessionId }) {
          calls.push('start');
          started += 1;
          sessionOf.set(`v${started}`, sessionId);
          return lease(`v${started}`);
        },
        recording: async () => ({ recording: null }),
        async renew({ id }) {
          calls.push('renew');
          await options.renew?.();
          return lease(id);
        },
        async snapshot() {
          calls.push('snapshot');
          await options.snapshot?.();
          return { at: toInstant(Date.now()) };
        },
        async end() {
          calls.push('end');
        },
        async receipts({ id, entries }) {
          sent.push(entries);
          return wordFor(id, entries);
        },
      },
      sessions: {
        get: async () => ({
          session: { state: 'live' as const, access: { recording: unavailable, livestream: unavailable } },
          events: [{ atMs: 0, type: 'session' as const, text: 'akim from 10.4.1.80' }],
          coverage: null,
        }),
      },
    },
    media: async () => new Response('x'),
  };
  const viewings = createViewings({
    gateway: () => gateway,
    clock: { now: () => Date.now() },
    viewer: () => 'marta.reis',
    receiptLog: memoryReceiptLog(),
    signer: () => async () => true,
    report: (error) => {
      throw error;
    },
    openView({ id }, reports) {
      const view = {
        destroyed: false,
        reports,
        lay: (how: Laid) => void laid.push(how),
        focus: () => void focused.push(id),
        chooseFile: async () => options.file ?? null,
        destroy() {
          view.destroyed = true;
        },
      };
      views.push(view);
      return view;
    },
    positions: { get: async (sessionId) => positions.get(sessionId) ?? null, put: (id, atMs) => void positions.set(id, atMs) },
    async savePicture(file) {
      saved.push(file);
    },
    showMain: () => void focused.push('main'),
    lead: (intent) => void led.push(intent),
    publish: (name, payload) => told.push({ name, payload }),
  });
  const ends = () =>
    told.filter(({ name }) => name === 'viewing-ended').map(({ payload }) => (payload as { end: ViewingEnd }).end);
  return { viewings, told, ends, laid, sent, calls, views, positions, saved, focused, led };
}
