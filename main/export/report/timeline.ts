import type { HistoryLine } from '../../../contract/history.ts';
import { type Instant, toMs } from '../../../contract/time.ts';
import type { ReportTexts } from './texts/en.ts';

/** One thing that happened: when, what, and what was said about it. */
export type Step = { at: Instant; what: string; more: string[] };

/** Everything that happened to a request, in the order of time. */
export function timelineOf(line: HistoryLine, texts: ReportTexts, durationText: (ms: number) => string): Step[] {
  const { requester, decisions, state, viewings } = line;
  const { details } = texts;
  const steps: Step[] = [
    { at: line.createdAt, what: details.asked(requester.displayName, texts.kind[line.kind]), more: [] },
    ...decisions.map(({ by, level, verdict, comment, at }) => ({
      at,
      what: details[verdict](by.displayName, level),
      more: comment === '' ? [] : [`“${comment}”`],
    })),
  ];
  switch (state.status) {
    case 'approved':
      steps.push({ at: state.at, what: details.granted, more: [] });
      break;
    case 'expired':
      steps.push({ at: state.at, what: details.expired, more: [] });
      break;
    case 'canceled':
      steps.push({ at: state.at, what: details.canceled(requester.displayName), more: [] });
      break;
    case 'revoked':
      steps.push({
        at: state.at,
        what: details.revoked(state.by.displayName),
        more: state.comment === '' ? [] : [`“${state.comment}”`],
      });
      break;
    case 'pending':
    case 'rejected':
      // What was decided is there already.
      break;
    default:
      return state satisfies never;
  }
  for (const { viewer, kind, startedAt, endedAt, why, watchedMs, snapshots, receipts } of viewings) {
    steps.push({
      at: startedAt,
      what: details.watchedFrom(viewer.displayName, texts.kind[kind]),
      more: [
        details.watchedText(durationText(watchedMs), receipts?.count ?? 0, snapshots),
        ...(receipts === null ? [] : [details.receiptHash(receipts.hash)]),
      ],
    });
    if (endedAt !== null)
      steps.push({ at: endedAt, what: details.watchedUntil(viewer.displayName, why === null ? '' : details.why[why]), more: [] });
  }
  return steps.sort((a, b) => toMs(a.at) - toMs(b.at));
}
