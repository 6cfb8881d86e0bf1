import { Button } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lengthOf, type Range } from '../../../contract/coverage.ts';
import type { PastViewing } from '../../../contract/session.ts';
import { useLanguage } from '../../store/language.ts';
import { useTimes } from '../../store/time.ts';
import { CoverageBar } from '../../ui/CoverageBar.tsx';
import classes from './ViewersCard.module.css';
import { type Viewer, viewersOf } from './viewers.ts';

/** So many people are shown at first. */
const firstShown = 8;

/** Who watched what of the session, person by person; each viewing of a person when they are opened. */
export function ViewersCard({
  viewings,
  earlier,
  durationMs,
}: {
  viewings: readonly PastViewing[];
  earlier: number;
  /** Of the recording; 0 when there is none. */
  durationMs: number;
}) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const viewers = useMemo(() => viewersOf(viewings), [viewings]);
  const shown = all ? viewers : viewers.slice(0, firstShown);
  return (
    <section className={classes.card} aria-label={t('sessions.details.viewings')}>
      <header className={classes.head}>
        <h2>{t('sessions.details.viewings')}</h2>
        {viewers.length > 0 && (
          <span className={classes.quiet}>
            {/* Of those before the last ones it is not known here who they are. */}
            {earlier === 0 && `${t('sessions.viewers.people', { count: viewers.length })} · `}
            {t('sessions.viewers.viewings', { count: viewings.length + earlier })}
          </span>
        )}
      </header>
      {viewers.length === 0 ? (
        <p className={classes.quiet}>{t('sessions.details.noViewings')}</p>
      ) : (
        <ul className={classes.viewers}>
          {shown.map((viewer) => (
            <Row key={viewer.person.id} viewer={viewer} durationMs={durationMs} />
          ))}
        </ul>
      )}
      {shown.length < viewers.length && (
        <Button variant="default" size="compact-sm" mt={10} onClick={() => setAll(true)}>
          {t('sessions.viewers.showAll', { count: viewers.length })}
        </Button>
      )}
      {earlier > 0 && <p className={classes.note}>{t('sessions.viewers.earlier', { count: earlier })}</p>}
    </section>
  );
}

function Row({ viewer, durationMs }: { viewer: Viewer; durationMs: number }) {
  const { t } = useTranslation();
  const times = useTimes();
  const language = useLanguage();
  const [open, setOpen] = useState(false);
  const { person, mine, viewings, watchedMs, shown, isWatching } = viewer;
  const [last] = viewings;
  const hasRecording = durationMs > 0 && viewings.some(({ kind }) => kind === 'recording');
  const part = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(
    Math.min(1, lengthOf(shown) / Math.max(1, durationMs)),
  );
  return (
    <li className={classes.viewer}>
      <button type="button" className={classes.row} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={15} className={classes.chevron} aria-hidden="true" />
        <span className={classes.name} title={person.userName}>
          <strong>{person.displayName}</strong>
          {mine && <span className={classes.quiet}> {t('sessions.viewers.me')}</span>}
        </span>
        <span className={classes.part}>
          {hasRecording ? (
            <>
              <Seen durationMs={durationMs} mine={mine} ranges={shown} />
              <span>{t('sessions.viewers.seen', { part })}</span>
            </>
          ) : (
            <span className={classes.quiet}>{t('sessions.action.livestream')}</span>
          )}
        </span>
        <span className={classes.length}>{times.length(watchedMs)}</span>
        <span className={isWatching ? classes.now : classes.quiet}>
          {isWatching ? t('sessions.details.stillWatching') : last && times.moment(last.startedAt)}
        </span>
      </button>
      {open && (
        <ol className={classes.each} aria-label={t('sessions.viewers.of', { name: person.displayName })}>
          {viewings.map((viewing) => (
            <li key={viewing.viewingId}>
              <span>{times.moment(viewing.startedAt)}</span>
              <span className={classes.quiet}>
                {t(`sessions.action.${viewing.kind}`)}
                {viewing.snapshots > 0 && ` · ${t('sessions.viewers.snapshots', { count: viewing.snapshots })}`}
              </span>
              <span>
                {viewing.kind === 'recording' && durationMs > 0 && (
                  <Seen durationMs={durationMs} mine={mine} ranges={viewing.shown} />
                )}
              </span>
              <span className={classes.length}>{times.length(viewing.watchedMs)}</span>
              <span className={viewing.endedAt === null ? classes.now : classes.quiet}>
                {viewing.endedAt === null
                  ? t('sessions.details.stillWatching')
                  : t('sessions.viewers.until', { at: times.said(viewing.endedAt) })}
              </span>
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}

/** What one person has seen. */
function Seen({ durationMs, mine, ranges }: { durationMs: number; mine: boolean; ranges: readonly Range[] }) {
  const { t } = useTranslation();
  const { duration } = useTimes();
  return (
    <CoverageBar
      thin
      durationMs={durationMs}
      layers={[{ who: mine ? 'mine' : 'others', ranges }]}
      label={({ fromMs, toMs }) => t('sessions.coverage.range', { from: duration(fromMs), until: duration(toMs) })}
    />
  );
}
