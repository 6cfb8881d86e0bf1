import { Alert, Button, CloseButton, Group } from '@mantine/core';
import { IconClock, IconShieldCheck } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure as FailureValue } from '../../../contract/failure.ts';
import type { Confirmation, HistoryItem } from '../../../contract/history.ts';
import { type AccessRequest, phaseOf } from '../../../contract/request.ts';
import { useAccount } from '../../store/account.ts';
import { call } from '../../store/bridge.ts';
import { useConnection } from '../../store/connection.ts';
import { failureOf } from '../../store/live.ts';
import { go } from '../../store/route.ts';
import { useGatewayNow, useTimes } from '../../store/time.ts';
import { watch } from '../../store/watch.ts';
import { ActionFailure } from '../../ui/ActionFailure.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { PhaseBadge } from '../../ui/request/PhaseBadge.tsx';
import cards from '../../ui/request/RequestDetails.module.css';
import { JustificationCard, SessionCard } from '../../ui/request/RequestDetails.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import classes from './HistoryDetails.module.css';
import { Timeline } from './Timeline.tsx';
import { useItem } from './use-item.ts';

/** Everything on record about one request, beside the table. Escape closes it. */
export function HistoryDetails({ requestId, onClose }: { requestId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { live, reload } = useItem(requestId);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    onClose();
  };
  return (
    <section className={classes.pane} aria-label={t('history.details.label')} onKeyDown={onKeyDown}>
      <CloseButton className={classes.close} aria-label={t('history.details.close')} onClick={onClose} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard (WCAG 2.1.1) */}
      <div className={classes.scroll} tabIndex={0} key={requestId}>
        {live.state === 'waiting' && <Waiting />}
        {live.state === 'failed' && <Failure failure={live.failure} onRetry={reload} />}
        {live.state === 'ready' && <Item item={live.value} />}
      </div>
      {live.state === 'ready' && <Actions key={live.value.request.id} request={live.value.request} />}
    </section>
  );
}

function Item({ item }: { item: HistoryItem }) {
  const { t } = useTranslation();
  const times = useTimes();
  const { request } = item;
  const phase = phaseOf(request, useGatewayNow('second'));
  return (
    <article className={classes.item}>
      <header>
        <h2 className={classes.title}>{t(`requests.asks.${request.kind}`, { name: request.requester.displayName })}</h2>
        <p className={classes.about}>
          <PhaseBadge request={request} phase={phase} />
          <span>{t('requests.asked', { time: times.inSentence(request.createdAt) })}</span>
        </p>
      </header>
      <Confirmed confirmation={item.confirmation} />
      <JustificationCard request={request} notKept={item.notKept} />
      <section className={cards.card}>
        <h3>{t('history.details.timeline')}</h3>
        <Timeline item={item} />
      </section>
      <SessionCard session={request.session}>
        <button type="button" className={classes.link} onClick={() => go({ name: 'session', id: request.session.id })}>
          {request.session.id}
        </button>
      </SessionCard>
    </article>
  );
}

/** Whether the gateway's signed word covers what is shown. Only what is wrong is loud. */
function Confirmed({ confirmation }: { confirmation: Confirmation }) {
  const { t } = useTranslation();
  const text = t(`history.details.confirmation.${confirmation}`);
  switch (confirmation) {
    case 'contradicted':
      return (
        <Alert color="red" variant="light" role="alert">
          {text}
        </Alert>
      );
    case 'confirmed':
      return (
        <p className={classes.confirmed}>
          <IconShieldCheck size={15} aria-hidden="true" /> {text}
        </p>
      );
    case 'waiting':
      return (
        <p className={classes.confirmed} data-waiting>
          <IconClock size={15} aria-hidden="true" /> {text}
        </p>
      );
    default:
      return confirmation satisfies never;
  }
}

/** What this person may do with the request now, if anything; offline, why not. */
function Actions({ request }: { request: AccessRequest }) {
  const { t } = useTranslation();
  const account = useAccount();
  const connection = useConnection();
  const phase = phaseOf(request, useGatewayNow('second'));
  const [failure, setFailure] = useState<FailureValue | null>(null);
  const me = account.state === 'ready' && account.value.state === 'signed-in' ? account.value.user.id : null;
  const run = (action: Promise<unknown>): void => {
    setFailure(null);
    action.catch((error: unknown) => setFailure(failureOf(error)));
  };
  const decide = request.may.decide.allowed && phase === 'pending';
  const revoke = request.may.revoke.allowed && (phase === 'open' || phase === 'scheduled');
  const mayWatch = phase === 'open' && request.requester.id === me;
  if (!decide && !revoke && !mayWatch) return null;
  const offline = connection.state === 'ready' && connection.value.state === 'offline';
  const open = () => run(call('decision.open', { requestId: request.id }));
  return (
    <div className={classes.actions}>
      {failure && <ActionFailure failure={failure} />}
      <Group gap="sm">
        {mayWatch && (
          <Button disabled={offline} onClick={() => run(watch(request.session.id, request.kind))}>
            {t('history.details.watch')}
          </Button>
        )}
        {decide && (
          <Button disabled={offline} onClick={open}>
            {t('history.details.decide')}
          </Button>
        )}
        {revoke && (
          <Button variant="default" disabled={offline} {...(!offline && { c: 'var(--bad-text)' })} onClick={open}>
            {t('history.details.revoke')}
          </Button>
        )}
      </Group>
      {offline && (
        <p className={classes.offline} role="status">
          {t('history.details.offline')}
        </p>
      )}
    </div>
  );
}
