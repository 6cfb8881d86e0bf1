import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type AccessRequest, approvalsAt, type Policy, type RequesterContext } from '../../../contract/request.ts';
import type { SessionBrief } from '../../../contract/session.ts';
import { toMs, type Window } from '../../../contract/time.ts';
import { useLanguage } from '../../store/language.ts';
import { useNotKept } from '../../store/policy.ts';
import { spokenIn } from '../../store/spoken.ts';
import { useGatewayNow, useTimes } from '../../store/time.ts';
import { useZone } from '../../store/use-zone.ts';
import { Levels } from './Levels.tsx';
import classes from './RequestDetails.module.css';

/** Everything on record about a request. `children` is what one may do with it. */
export function RequestDetails({
  request,
  context,
  known,
  aside,
  children,
}: {
  request: AccessRequest;
  context?: ReactNode;
  /** What the gateway tells approvers beside the request, once it is here. */
  known?: RequesterContext | null;
  aside?: ReactNode;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  const { session, requester, state } = request;
  const level = state.status === 'pending' ? request.levels.find((one) => one.level === state.level) : undefined;
  const missing = level ? level.needed - approvalsAt(request, level.level) : 0;
  return (
    <article className={classes.details}>
      <header>
        <div className={classes.cardHead}>
          <h2 className={classes.title}>{t(`requests.asks.${request.kind}`, { name: requester.displayName })}</h2>
          {aside}
        </div>
        <p className={classes.clocks}>
          {[
            t('requests.asked', { time: times.inSentence(request.createdAt) }),
            ...(level
              ? [
                  t('requests.deadline', { time: times.inSentence(request.deadline) }),
                  t('requests.level', { level: level.level, levels: request.levels.length }),
                  t('requests.needed', { count: missing }),
                ]
              : []),
          ].join(' · ')}
        </p>
      </header>
      <JustificationCard request={request} />
      <SessionCard session={session} counts={known?.sessionEvents} />
      {context}
      <section className={classes.card}>
        <h3>{t('requests.decisions')}</h3>
        <Levels request={request} mayDecide={known?.mayDecide} />
      </section>
      {children && <div className={classes.actions}>{children}</div>}
    </article>
  );
}

/**
 * Why somebody wants to watch, and when. What the gateway lets no client keep is said to be missing; `notKept` is what is missing here,
 * where that is known.
 */
export function JustificationCard({ request, notKept }: { request: AccessRequest; notKept?: Policy['notKept'] }) {
  const { t } = useTranslation();
  const times = useTimes();
  const byPolicy = useNotKept();
  const keepsJustification = !(notKept ?? byPolicy).includes('justification');
  const { window, asked } = request;
  const narrowed = window.start !== asked.start || window.end !== asked.end;
  return (
    <section className={classes.card}>
      <h3>{t('requests.justification')}</h3>
      {request.justification === '' && !keepsJustification ? (
        <p className={`${classes.text} ${classes.quiet}`}>{t('requests.notKept')}</p>
      ) : (
        <p className={classes.text}>{request.justification}</p>
      )}
      <dl className={classes.facts}>
        <Fact name={t('requests.reason')}>{request.reason.label}</Fact>
        {request.governanceCode && (
          <Fact name={t('requests.governanceCode')}>
            <span className={classes.mono}>{request.governanceCode}</span>
          </Fact>
        )}
        {notKept?.includes('governanceCode') && (
          <Fact name={t('requests.governanceCode')}>
            <span className={classes.quiet}>{t('requests.notKept')}</span>
          </Fact>
        )}
        <Fact name={t('requests.window')}>
          {times.span(window.start, window.end)}
          <Elsewhere window={window} />
          {narrowed && (
            <div className={classes.quiet}>{t('requests.narrowed', { asked: times.span(asked.start, asked.end) })}</div>
          )}
        </Fact>
      </dl>
    </section>
  );
}

/** The session that a request is about; `children` stand beside its name. */
export function SessionCard({
  session,
  counts,
  children,
}: {
  session: SessionBrief;
  counts?: Counts | undefined;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  return (
    <section className={classes.card}>
      <div className={classes.cardHead}>
        <h3>{t('requests.session')}</h3>
        {children ?? <span className={classes.quiet}>{session.id}</span>}
      </div>
      <dl className={classes.facts}>
        <Fact name={t('requests.who')}>{t('requests.as', { user: session.user, credential: session.credential })}</Fact>
        <Fact name={t('requests.where')}>
          {session.device} · {session.protocol}
        </Fact>
        <Fact name={t('requests.when')}>
          {times.moment(session.startedAt)}
          {session.durationMs !== null && `, ${times.length(session.durationMs)}`}
        </Fact>
        <Fact name={t('requests.what')}>
          {countsOf(session, counts)
            .map(([what, count]) => t(`requests.events.${what}`, { count }))
            .join(', ')}
        </Fact>
      </dl>
    </section>
  );
}

type Counts = RequesterContext['sessionEvents'];

/** What is said to have happened in a session: of each kind that there is, how much; alerts also when there is none. */
function countsOf(session: AccessRequest['session'], counts: Counts | undefined): [keyof Counts, number][] {
  const { command, window, file, alert } = counts ?? {
    command: session.commandCount,
    window: 0,
    file: 0,
    alert: session.alertCount,
  };
  const happened = (
    [
      ['command', command],
      ['window', window],
      ['file', file],
    ] as [keyof Counts, number][]
  ).filter(([, count]) => count > 0);
  return [...(happened.length > 0 ? happened : [['command', 0] as [keyof Counts, number]]), ['alert', alert]];
}

/** The same window where the other clock hangs: in UTC, or here for who reads UTC. */
function Elsewhere({ window }: { window: Window }) {
  const language = useLanguage();
  const zone = useZone();
  const spoken = spokenIn(language, zone, useGatewayNow('half-minute'));
  const start = spoken.elsewhere(toMs(window.start));
  const end = spoken.elsewhere(toMs(window.end));
  return (
    start &&
    end && (
      <div className={classes.quiet}>
        {start.at} – {end.at} {end.zone}
      </div>
    )
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
