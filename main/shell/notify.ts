import { Notification, powerMonitor } from 'electron';
import type { Settings } from '../../contract/settings.ts';
import { isNoticeDaemonThere } from './desktop-bus.ts';
import { type Shown, unmarked } from './notices.ts';
import type { NoticeText, ShellTexts } from './texts/en.ts';

/** Where a click on a notice leads. */
export type NoticeTarget = { requestId: string } | { screen: 'approvals' | 'my-requests' };

export interface Notifier {
  /** Shows what there is to show. False when nothing can be shown now: nobody listens on the desktop, or it hangs. */
  show(shown: readonly Shown[], nowMs: number): Promise<boolean>;
  /** One notice of the app itself. */
  say(text: NoticeText): Promise<void>;
}

/** A notice that is collected as garbage does not hear its click. */
const mostKept = 50;

/** The system's notifications. Do-not-disturb is the system's to respect: nothing is sent as urgent. */
export function createNotifier(roles: {
  texts(): ShellTexts;
  settings(): Pick<Settings, 'noticeText'>;
  open(target: NoticeTarget): void;
}): Notifier {
  const kept = new Set<Notification>();
  // Known on macOS and Windows; on Linux the setting alone decides what a locked screen may show.
  let locked = false;
  powerMonitor.on('lock-screen', () => {
    locked = true;
  });
  powerMonitor.on('unlock-screen', () => {
    locked = false;
  });

  function send({ title, body }: NoticeText, target: NoticeTarget | null): void {
    const notification = new Notification({ title: unmarked(title), body: unmarked(body), urgency: 'normal' });
    kept.add(notification);
    if (kept.size > mostKept) for (const oldest of [...kept].slice(0, kept.size - mostKept)) kept.delete(oldest);
    notification.on('close', () => kept.delete(notification));
    notification.on('click', () => {
      kept.delete(notification);
      if (target) roles.open(target);
    });
    notification.show();
  }

  function textOf(shown: Shown, nowMs: number): NoticeText {
    const texts = roles.texts();
    if (shown.what === 'many') return shown.kind === 'waiting' ? texts.manyWaiting(shown.count) : texts.manyOthers(shown.count);
    if (locked || roles.settings().noticeText === 'count')
      return shown.notice.kind === 'waiting' || shown.notice.kind === 'deadline' ? texts.plainWaiting : texts.plainNotice;
    return texts.notice(shown.notice, nowMs);
  }

  return {
    async show(shown, nowMs) {
      if (!Notification.isSupported() || !(await isNoticeDaemonThere())) return false;
      for (const one of shown) send(textOf(one, nowMs), targetOf(one));
      return true;
    },
    async say(text) {
      if (Notification.isSupported() && (await isNoticeDaemonThere())) send(text, null);
    },
  };
}

function targetOf(shown: Shown): NoticeTarget {
  if (shown.what === 'one') return { requestId: shown.notice.request.id };
  return { screen: shown.kind === 'waiting' ? 'approvals' : 'my-requests' };
}
