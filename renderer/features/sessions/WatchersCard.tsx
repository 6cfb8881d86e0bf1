import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AccessRequest, phaseOf } from '../../../contract/request.ts';
import { call, on } from '../../store/bridge.ts';
import { useGatewayNow, useTimes } from '../../store/time.ts';
import classes from './SessionScreen.module.css';

/** Who may watch this session by an approval that this person may take back, while its window is open or coming. */
export function WatchersCard({ sessionId }: { sessionId: string }) {
  const { t } = useTranslation();
  const times = useTimes();
  const nowMs = useGatewayNow('second');
  const requests = useRequestsOf(sessionId).filter(
    (request) => request.may.revoke.allowed && ['open', 'scheduled'].includes(phaseOf(request, nowMs)),
  );
  if (requests.length === 0) return null;
  return (
    <section className={classes.card} aria-label={t('requests.access.title')}>
      <header className={classes.head}>
        <h2>{t('requests.access.title')}</h2>
      </header>
      {requests.map((request) => {
        const name = request.requester.displayName;
        const open = phaseOf(request, nowMs) === 'open';
        return (
          <div key={request.id} className={classes.kind}>
            <strong>{t(`common.kind.${request.kind}`)}</strong>
            <span>
              {open
                ? t('requests.access.until', { name, time: times.said(request.window.end) })
                : t('requests.access.from', { name, time: times.said(request.window.start) })}
            </span>
            <Button
              size="compact-sm"
              variant="default"
              c="var(--bad-text)"
              onClick={() => void call('decision.open', { requestId: request.id })}
            >
              {t('requests.access.revoke')}
            </Button>
          </div>
        );
      })}
    </section>
  );
}

/** The requests for a session that this person may see, as they change. */
function useRequestsOf(sessionId: string): AccessRequest[] {
  const [requests, setRequests] = useState<AccessRequest[]>([]);
  useEffect(() => {
    let current = true;
    const load = () =>
      call('requests.list', { scope: 'all', text: sessionId, limit: 100 }).then(
        ({ items }) => current && setRequests(items.filter(({ session }) => session.id === sessionId)),
        () => undefined,
      );
    void load();
    const stop = on('requests', ({ changed, removed }) => {
      if (removed.length > 0 || changed.some(({ session }) => session.id === sessionId)) void load();
    });
    return () => {
      current = false;
      stop();
    };
  }, [sessionId]);
  return requests;
}
