import type { AccessRequest } from '../../contract/request.ts';
import type { Settings } from '../../contract/settings.ts';
import { toMs } from '../../contract/time.ts';
import { isPaused } from './notices.ts';
import { type ShellTexts, slackMs } from './texts/en.ts';

/** What choosing an item of the tray does. It shows something or changes a setting; nothing is ever decided from here alone. */
export type TrayAction =
  | { do: 'decide'; requestId: string; intent: 'open' | 'approve' | 'reject' }
  | { do: 'show-approvals' }
  | { do: 'show' }
  | { do: 'settings' }
  | { do: 'pause'; until: 'hour' | 'tomorrow' | 'now' }
  | { do: 'quit' };

export type TrayItem =
  | { item: 'line' }
  | { item: 'text'; label: string }
  | { item: 'action'; label: string; action: TrayAction }
  | { item: 'menu'; label: string; items: TrayItem[] };

export type TrayModel = { count: number; tooltip: string; items: TrayItem[] };

export type TrayState = {
  signedIn: boolean;
  /** What waits for this person now, in the order in which it is due. */
  waiting: readonly AccessRequest[];
  /** Windows that are open now and that this person may revoke, the next to end first. */
  revocable: readonly AccessRequest[];
  settings: Pick<Settings, 'noticesPausedUntil'>;
};

const mostWaiting = 5;
const mostRevocable = 3;

/** The tray of a state at `nowMs` (gateway time). */
export function trayModel({ signedIn, waiting, revocable, settings }: TrayState, texts: ShellTexts, nowMs: number): TrayModel {
  const line: TrayItem = { item: 'line' };
  const items: TrayItem[] = [
    ...(signedIn ? waitingItems(waiting, texts, nowMs) : [{ item: 'text', label: texts.signedOut } as const]),
    ...(revocable.length > 0
      ? [line, ...revocable.slice(0, mostRevocable).map((request) => revocableItem(request, texts, nowMs))]
      : []),
    line,
    { item: 'action', label: texts.open, action: { do: 'show' } },
    ...(signedIn ? [pauseItem(settings, texts, nowMs)] : []),
    { item: 'action', label: texts.settings, action: { do: 'settings' } },
    line,
    { item: 'action', label: texts.quit, action: { do: 'quit' } },
  ];
  return { count: signedIn ? waiting.length : 0, tooltip: signedIn ? texts.tooltip(waiting.length) : texts.product, items };
}

function waitingItems(due: readonly AccessRequest[], texts: ShellTexts, nowMs: number): TrayItem[] {
  if (due.length === 0) return [{ item: 'text', label: texts.nothingWaits }];
  const rest = due.length - mostWaiting;
  return [
    { item: 'text', label: texts.waiting(due.length) },
    ...due.slice(0, mostWaiting).map((request): TrayItem => {
      const decide = (intent: 'open' | 'approve' | 'reject', label: string): TrayItem => ({
        item: 'action',
        label,
        action: { do: 'decide', requestId: request.id, intent },
      });
      return {
        item: 'menu',
        label: texts.waitingItem(request, dueMs(request) - nowMs),
        items: [decide('approve', texts.approve), decide('reject', texts.reject), decide('open', texts.openRequest)],
      };
    }),
    ...(rest > 0 ? [{ item: 'action', label: texts.more(rest), action: { do: 'show-approvals' } } as const] : []),
  ];
}

function revocableItem(request: AccessRequest, texts: ShellTexts, nowMs: number): TrayItem {
  return {
    item: 'action',
    label: texts.revocableItem(request, toMs(request.window.end) - nowMs),
    action: { do: 'decide', requestId: request.id, intent: 'open' },
  };
}

function pauseItem(settings: TrayState['settings'], texts: ShellTexts, nowMs: number): TrayItem {
  const pause = (until: 'hour' | 'tomorrow' | 'now', label: string): TrayItem => ({
    item: 'action',
    label,
    action: { do: 'pause', until },
  });
  if (isPaused(settings, nowMs)) return pause('now', texts.resume(toMs(settings.noticesPausedUntil ?? '')));
  return { item: 'menu', label: texts.pause, items: [pause('hour', texts.pauseHour), pause('tomorrow', texts.pauseTomorrow)] };
}

/** When a request stops waiting (epoch ms). */
export const dueMs = (request: Pick<AccessRequest, 'deadline' | 'window'>) =>
  Math.min(toMs(request.deadline), toMs(request.window.end));

/** The next moment (epoch ms) at which the model's words change by time alone; null while nothing in it counts down. */
export function nextWordsMs({ signedIn, waiting, revocable, settings }: TrayState, nowMs: number): number | null {
  const minute = 60_000;
  const ends = signedIn
    ? [
        ...waiting.slice(0, mostWaiting).map(dueMs),
        ...revocable.slice(0, mostRevocable).map((request) => toMs(request.window.end)),
      ].filter((atMs) => atMs > nowMs)
    : [];
  // The time that is left is said in whole minutes: it changes when one of the ends is a whole number of minutes away.
  const ticks = ends.map((atMs) => {
    const saidMs = atMs - slackMs;
    return saidMs > nowMs ? nowMs + (((saidMs - nowMs - 1) % minute) + 1) : atMs;
  });
  const pausedUntilMs = settings.noticesPausedUntil === null ? 0 : toMs(settings.noticesPausedUntil);
  const moments = [...ticks, ...(pausedUntilMs > nowMs ? [pausedUntilMs] : [])];
  return moments.length === 0 ? null : Math.min(...moments);
}
