import { Button } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DecisionIntent } from '../../../contract/intent.ts';
import { type AccessRequest, phaseOf } from '../../../contract/request.ts';
import { call, on } from '../../store/bridge.ts';
import { useConnection } from '../../store/connection.ts';
import { useRequest } from '../../store/requests.ts';
import { useGatewayNow, useTimes } from '../../store/time.ts';
import { Failure } from '../../ui/Failure.tsx';
import { PhaseBadge } from '../../ui/request/PhaseBadge.tsx';
import { RequestDetails } from '../../ui/request/RequestDetails.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { Context } from './Context.tsx';
import classes from './DecisionPage.module.css';
import { DecisionPanel } from './DecisionPanel.tsx';
import { useContextOf } from './use-context.ts';
import type { Verdict } from './use-decision.ts';

const close = () => void call('decision.close');

/** One request with everything on record about it, and the decision: what the tray, a notification or the list leads to. */
export function DecisionPage() {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<{ requestId: string; intent: DecisionIntent } | null>(null);
  useEffect(() => {
    const stop = on('decision-intent', (wish) =>
      setAsked((before) => (before && before.requestId !== wish.requestId ? before : { ...wish })),
    );
    void call('decision.current').then((current) => setAsked((before) => before ?? current));
    return stop;
  }, []);
  const live = useRequest(asked?.requestId ?? null);
  useEscape(live?.state !== 'ready');
  const name = live?.state === 'ready' ? live.value.requester.displayName : null;
  useEffect(() => {
    document.title = name ? `${name} · Oversight` : t('requests.deciding.window');
  }, [name, t]);

  if (!asked || !live || live.state === 'waiting') return <Waiting />;
  if (live.state === 'failed') {
    return (
      <main className={classes.page}>
        <Failure failure={live.failure} />
      </main>
    );
  }
  return <Card key={live.value.id} request={live.value} wish={asked} />;
}

function Card({ request, wish }: { request: AccessRequest; wish: { intent: DecisionIntent } }) {
  const { t } = useTranslation();
  const phase = phaseOf(request, useGatewayNow('second'));
  const context = useContextOf(request);
  // What was done stays until the person comes with another wish, from the tray say.
  const [last, setLast] = useState<{ verdict: Verdict; after: AccessRequest; wish: object } | null>(null);
  const onDone = useCallback((verdict: Verdict, after: AccessRequest) => setLast({ verdict, after, wish }), [wish]);
  const done = last?.wish === wish ? last : null;
  const top = useRef<HTMLElement>(null);
  useEffect(() => {
    // A wish may have led to its field already.
    if (!top.current?.contains(document.activeElement)) top.current?.focus();
  }, []);
  const over = !done && phase !== 'pending' && phase !== 'open' && phase !== 'scheduled';
  return (
    <main className={classes.page} ref={top} tabIndex={-1} aria-label={t('requests.deciding.window')}>
      <Offline />
      <header className={classes.head}>
        <PhaseBadge request={request} phase={phase} />
        <Button variant="subtle" size="compact-sm" onClick={() => void call('decision.showInMain')}>
          {t('requests.deciding.open')}
        </Button>
      </header>
      <RequestDetails request={request} context={<Context request={request} context={context} />} known={context}>
        {done ? (
          <Done verdict={done.verdict} after={done.after} />
        ) : (
          <>
            <DecisionPanel request={request} wish={wish} onDone={onDone} onClose={close} />
            {over && <Over />}
          </>
        )}
      </RequestDetails>
    </main>
  );
}

/** What the decision has done; Enter and Escape close the window. */
function Done({ verdict, after }: { verdict: Verdict; after: AccessRequest }) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  useEscape(true);
  const text =
    verdict === 'approve' && after.state.status === 'pending'
      ? t('requests.done.level')
      : t(`requests.done.${verdict}`, { name: after.requester.displayName });
  return (
    <div className={classes.done}>
      <p role="status">{text}</p>
      <Button ref={button} onClick={close}>
        {t('common.actions.close')}
      </Button>
    </div>
  );
}

function Over() {
  const { t } = useTranslation();
  useEscape(true);
  return (
    <div className={classes.done}>
      <Button variant="default" onClick={close}>
        {t('common.actions.close')}
      </Button>
    </div>
  );
}

function Offline() {
  const { t } = useTranslation();
  const live = useConnection();
  const times = useTimes();
  if (live.state !== 'ready' || live.value.state !== 'offline') return null;
  return (
    <p className={classes.offline} role="status">
      {t('common.connection.away')} {t('common.connection.banner', { since: times.said(live.value.since) })}
    </p>
  );
}

function useEscape(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const heard = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) close();
    };
    document.addEventListener('keydown', heard);
    return () => document.removeEventListener('keydown', heard);
  }, [active]);
}
