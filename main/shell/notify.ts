import { Notification, powerMonitor } from 'electron';
import type { Settings } from '../../contract/settings.ts';
import { isNoticeDaemonThere } from './desktop-bus.ts';
import { isToDecide, type Shown, unmarked } from './notices.ts';
import type { NoticeText, ShellTexts } from './texts/en.ts';

/** Where a click on a notice leads. */
export type NoticeTarget = { requestId: string } | { screen: 'approvals' | 'my-requests' };

export interface Notifier {
  /** Shows what there is to show. False when nothing can be shown now: nobody listens on the desktop, or it hangs. */
  show(shown: readonly Shown[], nowMs: number): Promise<boolean>;
  /** Takes back what asks for a decision that nobody waits for any more; null takes back everything, since nobody is signed in. */
  keepOnly(waiting: ReadonlySet<string> | null): Promise<void>;
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
  /** What is on the screen, and what of it asks for a decision. */
  const kept = new Map<Notification, Shown | null>();
  // Known on macOS and Windows; on Linux the setting alone decides what a locked screen may show.
  let locked = false;
  powerMonitor.on('lock-screen', () => {
    locked = true;
  });
  powerMonitor.on('unlock-screen', () => {
    locked = false;
  });

  function send({ title, body }: NoticeText, shown: Shown | null): void {
    const notification = new Notification({ title: unmarked(title), body: unmarked(body), urgency: 'normal' });
    kept.set(notification, shown);
    if (kept.size > mostKept) for (const oldest of [...kept.keys()].slice(0, kept.size - mostKept)) kept.delete(oldest);
    notification.on('close', () => kept.delete(notification));
    notification.on('click', () => {
      kept.delete(notification);
      if (shown) roles.open(targetOf(shown));
    });
    notification.show();
  }

  function textOf(shown: Shown, nowMs: number): NoticeText {
    const texts = roles.texts();
    switch (shown.what) {
      case 'waiting':
        return texts.manyWaiting(shown.count, shown.dueMs - nowMs);
      case 'others':
        return texts.manyOthers(shown.count);
      case 'one':
        if (!locked && roles.settings().noticeText !== 'count') return texts.notice(shown.notice, nowMs);
        return isToDecide(shown.notice) ? texts.plainWaiting : texts.plainNotice;
      default:
        return shown satisfies never;
    }
  }

  async function takeBack(isOver: (shown: Shown | null) => boolean): Promise<void> {
    const over = () => [...kept].filter(([, shown]) => isOver(shown)).map(([notification]) => notification);
    // Taking one back waits for the daemon, as showing one does.
    if (over().length === 0 || !(await isNoticeDaemonThere())) return;
    for (const notification of over()) {
      kept.delete(notification);
      notification.close();
    }
  }

  return {
    async show(shown, nowMs) {
      if (!Notification.isSupported() || !(await isNoticeDaemonThere())) return false;
      // How many wait is said once on the screen.
      if (shown.some(({ what }) => what === 'waiting')) await takeBack((before) => before?.what === 'waiting');
      for (const one of shown) send(textOf(one, nowMs), one);
      return true;
    },
    keepOnly: (waiting) =>
      takeBack((shown) => {
        if (waiting === null) return true;
        if (shown?.what === 'waiting') return waiting.size === 0;
        return shown?.what === 'one' && isToDecide(shown.notice) && !waiting.has(shown.notice.request.id);
      }),
    async say(text) {
      if (Notification.isSupported() && (await isNoticeDaemonThere())) send(text, null);
    },
  };
}

function targetOf(shown: Shown): NoticeTarget {
  if (shown.what === 'one') return { requestId: shown.notice.request.id };
  return { screen: shown.what === 'waiting' ? 'approvals' : 'my-requests' };
}
