import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { phaseOf } from '../../../contract/request.ts';
import { useDecided, useWaiting } from '../../store/requests.ts';
import { useGatewayNow } from '../../store/time.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { RequestDetails } from '../../ui/request/RequestDetails.tsx';
import { RequestList } from '../../ui/request/RequestList.tsx';
import { TwoPanes } from '../../ui/request/TwoPanes.tsx';
import { Screen } from '../../ui/Screen.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { Context } from './Context.tsx';
import { DecisionPanel } from './DecisionPanel.tsx';

/** What waits for this person's decision, and what others asked for and was decided. */
export function ApprovalsScreen({ requestId }: { requestId?: string | undefined }) {
  const { t } = useTranslation();
  const waitingLive = useWaiting();
  const decidedLive = useDecided();
  const nowMs = useGatewayNow('half-minute');
  const [chosen, setChosen] = useState<string | null>(requestId ?? null);
  useEffect(() => {
    if (requestId) setChosen(requestId);
  }, [requestId]);
  // What is on the screen stays on the screen when it is decided and leaves the list of what waits.
  const first = waitingLive.state === 'ready' ? waitingLive.value.items[0]?.id : undefined;
  useEffect(() => setChosen((before) => before ?? first ?? null), [first]);

  if (waitingLive.state === 'failed') {
    return (
      <Screen title={t('requests.approvals.title')}>
        <Failure failure={waitingLive.failure} onRetry={useWaiting.load} />
      </Screen>
    );
  }
  if (waitingLive.state === 'waiting' || decidedLive.state === 'waiting') {
    return (
      <Screen title={t('requests.approvals.title')}>
        <Waiting />
      </Screen>
    );
  }
  const waiting = waitingLive.value.items.filter((request) => phaseOf(request, nowMs) === 'pending');
  const decided = decidedLive.state === 'ready' ? decidedLive.value.items : [];
  const request = [...waiting, ...decided].find((one) => one.id === chosen) ?? waiting[0];
  const more = decidedLive.state === 'ready' && decidedLive.value.nextCursor !== null ? useDecided.more : undefined;
  return (
    <Screen title={t('requests.approvals.title')} aside={t('requests.approvals.waiting', { count: waiting.length })}>
      {waiting.length + decided.length === 0 ? (
        <Empty title={t('requests.approvals.none')} text={t('requests.approvals.noneText')} />
      ) : (
        <TwoPanes
          list={
            <RequestList
              label={t('requests.approvals.list')}
              groups={[{ items: waiting }, { heading: t('requests.approvals.decided'), items: decided, more }]}
              chosen={request?.id ?? null}
              onChoose={setChosen}
              own={false}
            />
          }
        >
          {request ? (
            <RequestDetails key={request.id} request={request} context={<Context request={request} />}>
              <DecisionPanel request={request} />
            </RequestDetails>
          ) : (
            <Empty title={t('requests.approvals.none')} text={t('requests.chooseText')} />
          )}
        </TwoPanes>
      )}
    </Screen>
  );
}
