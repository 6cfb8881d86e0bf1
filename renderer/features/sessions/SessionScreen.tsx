import { Button, Skeleton, Stack } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure as FailureValue } from '../../../contract/failure.ts';
import type { Kind, Session, SessionDetails, SessionEvent } from '../../../contract/session.ts';
import { call, on } from '../../store/bridge.ts';
import { failureOf } from '../../store/live.ts';
import { notify } from '../../store/notify.ts';
import { go } from '../../store/route.ts';
import { useTimes } from '../../store/time.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Screen } from '../../ui/Screen.tsx';
import { accessLabel, stepOf } from './access.ts';
import { AccessBadge, StateBadge } from './Badges.tsx';
import { CoverageCard } from './CoverageCard.tsx';
import { ReviewCard } from './ReviewCard.tsx';
import classes from './SessionScreen.module.css';
import { useSteps } from './steps.ts';
import { ViewersCard } from './ViewersCard.tsx';
import { WatchersCard } from './WatchersCard.tsx';
import { useAccessWords } from './words.ts';

type State = { name: 'waiting' } | { name: 'shown'; details: SessionDetails } | { name: 'failed'; failure: FailureValue };

/** Everything about one session but its picture. */
export function SessionScreen({ id }: { id: string }) {
  const { t } = useTranslation();
  const [state, load] = useDetails(id);
  return (
    <Screen title={t('sessions.details.title', { id })} breadcrumb={[t('sessions.area'), t('sessions.group')]}>
      <div className={classes.page}>
        <Button
          className={classes.back}
          variant="subtle"
          size="compact-sm"
          leftSection={<IconChevronLeft size={15} aria-hidden="true" />}
          onClick={() => go({ name: 'sessions' })}
        >
          {t('sessions.details.back')}
        </Button>
        {state.name === 'failed' ? (
          <Failure failure={state.failure} onRetry={load} />
        ) : state.name === 'waiting' ? (
          <Stack gap="md" aria-busy="true">
            <Skeleton height={170} radius="md" />
            <Skeleton height={110} radius="md" />
            <Skeleton height={220} radius="md" />
          </Stack>
        ) : (
          <Details details={state.details} />
        )}
      </div>
    </Screen>
  );
}

/** The details of a session, asked for again whenever the session changes. */
function useDetails(id: string): [State, () => void] {
  const [state, setState] = useState<State>({ name: 'waiting' });
  const load = useCallback(() => {
    call('sessions.get', { id }).then(
      (details) => setState((now) => (details.session.id === id ? { name: 'shown', details } : now)),
      (error: unknown) => setState((now) => (now.name === 'shown' ? now : { name: 'failed', failure: failureOf(error) })),
    );
  }, [id]);
  useEffect(() => {
    setState({ name: 'waiting' });
    load();
    return on('sessions', ({ changed, all }) => {
      if (all || changed.some((session) => session.id === id)) load();
    });
  }, [id, load]);
  return [state, load];
}

function Details({ details }: { details: SessionDetails }) {
  const { session, endedAt, events, viewings, earlierViewings, coverage } = details;
  return (
    <>
      <About session={session} endedAt={endedAt} />
      <AccessCard session={session} />
      <WatchersCard sessionId={session.id} />
      <ReviewCard session={session} />
      {coverage && <CoverageCard coverage={coverage} />}
      <ViewersCard viewings={viewings} earlier={earlierViewings} durationMs={coverage?.durationMs ?? 0} />
      <Events events={events} />
    </>
  );
}

function About({ session, endedAt }: { session: Session; endedAt: string | null }) {
  const { t } = useTranslation();
  const { moment, length } = useTimes();
  const given = (text: string) => (text === '' ? <span className={classes.quiet}>{t('sessions.details.notGiven')}</span> : text);
  const copy = async (): Promise<void> => {
    await call('app.copy', { text: session.id });
    notify(t('sessions.copied', { id: session.id }));
  };
  const facts: [label: string, value: React.ReactNode, look?: 'mono' | 'wide'][] = [
    [t('sessions.column.id'), session.id, 'mono'],
    [t('sessions.column.user'), session.user],
    [t('sessions.column.credential'), session.credential, 'mono'],
    [t('sessions.column.device'), session.device],
    [t('sessions.column.protocol'), session.protocol],
    [t('sessions.column.originIp'), session.originIp, 'mono'],
    [t('sessions.column.proxy'), given(session.proxy)],
    [t('sessions.column.state'), <StateBadge key="state" state={session.state} text={t(`sessions.state.${session.state}`)} />],
    [t('sessions.column.startedAt'), moment(session.startedAt)],
    [t('sessions.details.ended'), endedAt === null ? t('sessions.running') : moment(endedAt)],
    [t('sessions.column.duration'), session.durationMs === null ? t('sessions.running') : length(session.durationMs)],
    [t('sessions.details.commands'), session.commandCount],
    [t('sessions.details.alerts'), session.alertCount],
    [t('sessions.column.reason'), given(session.reason), 'wide'],
    [t('sessions.column.justification'), given(session.justification), 'wide'],
  ];
  return (
    <section className={classes.card} aria-label={t('sessions.details.about')}>
      <header className={classes.head}>
        <h2>{t('sessions.details.about')}</h2>
        <Button variant="default" size="compact-sm" onClick={() => void copy()}>
          {t('sessions.details.copy')}
        </Button>
      </header>
      <dl className={classes.facts}>
        {facts.map(([label, value, look]) => (
          <div key={label} className={look === 'wide' ? classes.wide : undefined}>
            <dt>{label}</dt>
            <dd className={look === 'mono' ? classes.mono : undefined}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function AccessCard({ session }: { session: Session }) {
  const { t } = useTranslation();
  return (
    <section className={classes.card} aria-label={t('sessions.details.access')}>
      <header className={classes.head}>
        <h2>{t('sessions.details.access')}</h2>
      </header>
      <KindRow session={session} kind="recording" />
      <KindRow session={session} kind="livestream" />
    </section>
  );
}

function KindRow({ session, kind }: { session: Session; kind: Kind }) {
  const { t } = useTranslation();
  const words = useAccessWords();
  const steps = useSteps();
  const access = session.access[kind];
  const step = stepOf(access);
  const name = t(`sessions.action.${kind}`);
  const action = (): string | null => {
    switch (step.do) {
      case 'watch':
        return t('sessions.details.watch');
      case 'ask':
        return access.state === 'ask' && access.after !== 'nothing' ? t('sessions.details.askAgain') : t('sessions.details.ask');
      case 'show-request':
        return t('sessions.details.showRequest');
      case 'nothing':
        return null;
      default:
        return step satisfies never;
    }
  };
  const label = action();
  return (
    <div className={classes.kind}>
      <strong>{name}</strong>
      <span>
        <AccessBadge {...accessLabel(access, words)} />
      </span>
      {label !== null && (
        <Button
          size="compact-sm"
          variant={step.do === 'watch' ? 'filled' : 'default'}
          aria-label={`${label} ${name}`}
          onClick={() => steps.take(session, kind)}
        >
          {label}
        </Button>
      )}
    </div>
  );
}

function Events({ events }: { events: SessionEvent[] | null }) {
  const { t } = useTranslation();
  const { duration } = useTimes();
  return (
    <section className={classes.card} aria-label={t('sessions.details.events')}>
      <header className={classes.head}>
        <h2>{t('sessions.details.events')}</h2>
      </header>
      {events === null ? (
        <p className={classes.quiet}>{t('sessions.details.eventsHidden')}</p>
      ) : events.length === 0 ? (
        <p className={classes.quiet}>{t('sessions.details.noEvents')}</p>
      ) : (
        <ol className={classes.events}>
          {events.map((event, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: events have no name of their own and never move
            <li key={index} data-severity={event.severity}>
              <span className={classes.at}>{duration(event.atMs)}</span>
              <span className={classes.type}>{t(`sessions.details.event.${event.type}`)}</span>
              <span className={event.type === 'command' ? classes.mono : undefined}>{event.text}</span>
              {event.severity && <span className={classes.severity}>{t(`sessions.details.severity.${event.severity}`)}</span>}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
