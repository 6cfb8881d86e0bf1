import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { lengthOf, mergeRanges } from '../../../contract/coverage.ts';
import type { HistoryItem, ViewingRecord } from '../../../contract/history.ts';
import type { Decision } from '../../../contract/request.ts';
import { toMs } from '../../../contract/time.ts';
import { useLanguage } from '../../store/language.ts';
import { useGatewayNow, useTimes } from '../../store/time.ts';
import { CoverageBar } from '../../ui/CoverageBar.tsx';
import classes from './Timeline.module.css';
import { type Entry, timelineOf } from './timeline.ts';

/** What happened to a request, in the order in which it did; what is still to come by time alone stands at the end, paler. */
export function Timeline({ item }: { item: HistoryItem }) {
  const times = useTimes();
  const nowMs = useGatewayNow('second');
  const keepsComments = !item.notKept.includes('comments');
  const durationMs = item.session?.durationMs ?? item.request.session.durationMs;
  return (
    <ol className={classes.timeline}>
      {timelineOf(item, nowMs).map((entry) => {
        const toCome = toMs(entry.at) > nowMs;
        return (
          <li
            key={`${entry.what}${keyOf(entry)}`}
            className={classes.entry}
            data-tone={toneOf(entry)}
            data-to-come={toCome || undefined}
          >
            <div className={classes.head}>
              <span className={classes.what}>
                <What entry={entry} toCome={toCome} requester={item.request.requester.displayName} />
              </span>
              <time className={classes.at} dateTime={entry.at}>
                {times.moment(entry.at)}
              </time>
            </div>
            <More entry={entry} durationMs={durationMs} keepsComments={keepsComments} />
          </li>
        );
      })}
    </ol>
  );
}

/** Several decisions, and several viewings, can be on record. */
function keyOf(entry: Entry): string {
  if (entry.what === 'viewing') return entry.viewing.id;
  return entry.what === 'decided' ? `${entry.decision.by.id}${entry.decision.level}` : '';
}

function toneOf(entry: Entry): 'good' | 'bad' | 'seen' | 'plain' {
  switch (entry.what) {
    case 'decided':
      return entry.decision.verdict === 'approve' ? 'good' : 'bad';
    case 'revoked':
      return 'bad';
    case 'viewing':
      return 'seen';
    default:
      return 'plain';
  }
}

function What({ entry, toCome, requester }: { entry: Entry; toCome: boolean; requester: string }) {
  const { t } = useTranslation();
  const times = useTimes();
  switch (entry.what) {
    case 'asked':
      return t('history.entry.asked', { name: entry.by });
    case 'decided':
      return t(`history.entry.${entry.decision.verdict}`, { name: entry.decision.by.displayName });
    case 'narrowed':
      return t('history.entry.narrowed', { to: times.span(entry.window.start, entry.window.end) });
    case 'opened':
      return t(toCome ? 'history.entry.opens' : 'history.entry.opened');
    case 'over':
      return t(toCome ? 'history.entry.ends' : 'history.entry.over');
    case 'deadline':
    case 'expired':
      return t(`history.entry.${entry.what}`);
    case 'canceled':
      return t('history.entry.canceled', { name: requester });
    case 'revoked':
      return t('history.entry.revoked', { name: entry.by });
    case 'viewing':
      return entry.viewing.endedAt === null
        ? t('history.entry.watching', { name: entry.viewing.viewer.displayName })
        : t('history.entry.watched', {
            name: entry.viewing.viewer.displayName,
            time: times.length(entry.viewing.watchedMs),
          });
    default:
      return entry satisfies never;
  }
}

type MoreProps = { entry: Entry; durationMs: number | null; keepsComments: boolean };

function More({ entry, durationMs, keepsComments }: MoreProps) {
  const { t } = useTranslation();
  const times = useTimes();
  switch (entry.what) {
    case 'decided':
      return <Said decision={entry.decision} levels={entry.levels} isKept={keepsComments} />;
    case 'revoked':
      return <Comment text={entry.comment} isKept={keepsComments} />;
    case 'narrowed':
      return (
        <p className={classes.quiet}>
          {t('history.entry.narrowedFrom', { from: times.span(entry.asked.start, entry.asked.end) })}
        </p>
      );
    case 'viewing':
      return <Viewing viewing={entry.viewing} durationMs={durationMs} />;
    case 'asked':
    case 'opened':
    case 'over':
    case 'expired':
    case 'canceled':
    case 'deadline':
      return null;
    default:
      return entry satisfies never;
  }
}

function Said({ decision, levels, isKept }: { decision: Decision; levels: number; isKept: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      {levels > 1 && <p className={classes.quiet}>{t('history.entry.level', { level: decision.level, levels })}</p>}
      <Comment text={decision.comment} isKept={isKept} />
    </>
  );
}

/** What somebody said, or that it is not kept here; nothing where nothing was said. */
function Comment({ text, isKept }: { text: string; isKept: boolean }) {
  const { t } = useTranslation();
  if (text !== '') return <blockquote className={classes.comment}>{text}</blockquote>;
  return isKept ? null : <p className={classes.quiet}>{t('requests.notKept')}</p>;
}

/** How a viewing ended, what of the recording it showed, and what of it is certain. */
function Viewing({ viewing, durationMs }: { viewing: ViewingRecord; durationMs: number | null }) {
  const { t } = useTranslation();
  const times = useTimes();
  const language = useLanguage();
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const shown = mergeRanges(viewing.shown);
  const parts: ReactNode[] = [
    viewing.requestId === null && t('history.entry.direct'),
    viewing.endedAt && t('history.entry.span', { until: times.said(viewing.endedAt) }),
    viewing.why && t(`history.entry.why.${viewing.why}`),
    viewing.receipts ? t('history.entry.receipts', { count: viewing.receipts.count }) : t('history.entry.noReceipts'),
    viewing.snapshots > 0 && t('history.entry.snapshots', { count: viewing.snapshots }),
  ].filter(Boolean);
  return (
    <>
      {viewing.kind === 'recording' && durationMs !== null && durationMs > 0 && (
        <div className={classes.seen}>
          <CoverageBar
            durationMs={durationMs}
            layers={[{ who: 'mine', ranges: shown }]}
            label={({ fromMs, toMs }) =>
              t('history.entry.seenRange', { from: times.duration(fromMs), until: times.duration(toMs) })
            }
          />
          <span>{t('history.entry.seen', { part: percent.format(Math.min(1, lengthOf(shown) / durationMs)) })}</span>
        </div>
      )}
      <p className={classes.quiet}>
        {parts.map((part, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line of a few words
          <Fragment key={at}>
            {at > 0 && ' · '}
            {part}
          </Fragment>
        ))}
      </p>
    </>
  );
}
