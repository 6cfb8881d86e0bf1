import type { AccessRequest } from '../../../contract/request.ts';
import type { Notice } from '../notices.ts';

/** A notice as the system shows it. */
export type NoticeText = { title: string; body: string };

const about = ({ session, kind }: AccessRequest) =>
  `${kind === 'recording' ? 'session video' : 'live stream'} of ${session.id} on ${session.device}`;
const many = (count: number, one: string, more: string) => (count === 1 ? one : `${count} ${more}`);

/** Clocks agree to less than this (ms): an hour that was given a moment ago is no hour and a minute. */
export const slackMs = 1_000;

/** Whole minutes, rounded up: "2 h 05 min", "4 min". */
function left(ms: number): string {
  const minutes = Math.max(1, Math.ceil((ms - slackMs) / 60_000));
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** What the tray and the notices say in English. Their times come as ms that are left, or as epoch ms. */
export const en = {
  product: 'Oversight',
  tooltip: (count: number) =>
    count === 0 ? 'Oversight: nothing waits for you' : `Oversight: ${many(count, '1 request waits', 'requests wait')} for you`,
  waiting: (count: number) => `${many(count, '1 request waits', 'requests wait')} for you`,
  nothingWaits: 'Nothing waits for you',
  signedOut: 'Nobody is signed in',
  waitingItem: (request: AccessRequest, leftMs: number) =>
    `${request.requester.displayName} · ${request.session.id} on ${request.session.device} · ${left(leftMs)} left`,
  revocableItem: (request: AccessRequest, leftMs: number) =>
    `Revoke ${request.requester.displayName} · ${request.session.id} · ${left(leftMs)} left…`,
  more: (count: number) => `${count} more…`,
  approve: 'Approve…',
  reject: 'Reject…',
  openRequest: 'Open',
  open: 'Open Oversight',
  settings: 'Settings…',
  quit: 'Quit',
  pause: 'Pause notifications',
  pauseHour: 'For an hour',
  pauseTomorrow: 'Until tomorrow, 08:00',
  resume: (untilMs: number) =>
    `Resume notifications (paused until ${new Date(untilMs).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })})`,
  /** `nowMs` is gateway time. */
  notice({ kind, request }: Notice, nowMs: number): NoticeText {
    const { requester, state, window, deadline } = request;
    const untilEnd = left(Date.parse(window.end) - nowMs);
    const untilDeadline = left(Math.min(Date.parse(deadline), Date.parse(window.end)) - nowMs);
    switch (kind) {
      case 'waiting':
        return {
          title: `${requester.displayName} asks for access`,
          body: `The ${about(request)}. ${untilDeadline} left to decide.`,
        };
      case 'deadline':
        return {
          title: `${untilDeadline} left to decide`,
          body: `${requester.displayName} asks for the ${about(request)}.`,
        };
      case 'level':
        return state.status === 'pending' && request.may.decide.allowed
          ? {
              title: `${requester.displayName} asks for access`,
              body: `Level ${state.level - 1} has approved the ${about(request)}. ${untilDeadline} left to decide.`,
            }
          : {
              title: 'One level has approved',
              body: `Your request for the ${about(request)} goes on to level ${state.status === 'pending' ? state.level : ''}.`,
            };
      case 'decided':
        if (state.status === 'rejected')
          return { title: `${state.by.displayName} rejected your request`, body: `The ${about(request)}. Open it to read why.` };
        return Date.parse(window.start) > nowMs
          ? {
              title: 'Your request is approved',
              body: `The ${about(request)} opens in ${left(Date.parse(window.start) - nowMs)}.`,
            }
          : { title: 'Your request is approved', body: `The ${about(request)} can be watched now. ${untilEnd} left.` };
      case 'opens':
        return { title: 'Your access is open', body: `The ${about(request)} can be watched now. ${untilEnd} left.` };
      case 'ends':
        return { title: `Your access ends in ${untilEnd}`, body: `The ${about(request)}.` };
      case 'revoked':
        return {
          title: 'Your access was revoked',
          body: `${state.status === 'revoked' ? `${state.by.displayName} ended it: the` : 'The'} ${about(request)}. Open it to read why.`,
        };
      case 'expired':
        return {
          title: 'Nobody decided in time',
          body: `Your request for the ${about(request)} has expired. You can ask again.`,
        };
      default:
        return kind satisfies never;
    }
  },
  /** Without a name and without a session: for whoever wants no more on the screen. */
  plainNotice: { title: 'Oversight', body: 'There is something new for you.' },
  plainWaiting: { title: 'Oversight', body: 'A request waits for you.' },
  manyWaiting: (count: number, leftMs: number): NoticeText => ({
    title: many(count, '1 request waits for you', 'requests wait for you'),
    body: `${left(leftMs)} left for the first of the new ones. Open the approvals to decide.`,
  }),
  manyOthers: (count: number): NoticeText => ({
    title: `${count} of your requests have changed`,
    body: 'Open My requests to see them.',
  }),
  inBackground: {
    title: 'Oversight goes on in the background',
    body: 'This desktop shows no tray icon. Start Oversight again to open its window.',
  } as NoticeText,
};

export type ShellTexts = typeof en;
