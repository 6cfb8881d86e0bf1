import { Button } from '@mantine/core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AccessRequest, phaseOf } from '../../../contract/request.ts';
import { call } from '../../store/bridge.ts';
import { notify } from '../../store/notify.ts';
import { usePolicy } from '../../store/policy.ts';
import { stillWaiting, useDecided, useRequest, useWaiting, useWaitingCount } from '../../store/requests.ts';
import { useGatewayNow } from '../../store/time.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { RequestDetails } from '../../ui/request/RequestDetails.tsx';
import { RequestList } from '../../ui/request/RequestList.tsx';
import { TwoPanes } from '../../ui/request/TwoPanes.tsx';
import { Screen } from '../../ui/Screen.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { Batch } from './Batch.tsx';
import { Context } from './Context.tsx';
import { DecisionPanel } from './DecisionPanel.tsx';
import { Search } from './Search.tsx';
import { useContextOf } from './use-context.ts';
import type { Verdict } from './use-decision.ts';

/** So many may be decided in one go (contract, NewDecisions). */
const mostTogether = 50;

/** What waits for this person's decision, due first, and what others asked for and was decided. */
export function ApprovalsScreen({ requestId }: { requestId?: string | undefined }) {
  const { t } = useTranslation();
  const waitingLive = useWaiting();
  const decidedLive = useDecided();
  const policy = usePolicy();
  const nowMs = useGatewayNow('half-minute');
  const count = useWaitingCount(nowMs);
  const [chosen, setChosen] = useState<string | null>(requestId ?? null);
  const [searched, setSearched] = useState(false);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [together, setTogether] = useState(false);
  useEffect(() => void usePolicy.load(), []);
  useEffect(() => {
    if (requestId) setChosen(requestId);
  }, [requestId]);
  useEffect(
    () => () => {
      useWaiting.search('');
      useDecided.search('');
    },
    [],
  );
  // What is on the screen stays on the screen when it is decided and leaves the list of what waits.
  const first = waitingLive.state === 'ready' ? waitingLive.value.items[0]?.id : undefined;
  useEffect(() => setChosen((before) => before ?? first ?? null), [first]);

  const waiting = useMemo(
    () => (waitingLive.state === 'ready' ? stillWaiting(waitingLive.value.items, nowMs) : []),
    [waitingLive, nowMs],
  );
  const decided = useMemo(() => (decidedLive.state === 'ready' ? decidedLive.value.items : []), [decidedLive]);
  const groups = useMemo(
    () => [
      {
        items: waiting,
        more: waitingLive.state === 'ready' && waitingLive.value.nextCursor !== null ? useWaiting.more : undefined,
      },
      {
        heading: t('requests.approvals.decided'),
        items: decided,
        more: decidedLive.state === 'ready' && decidedLive.value.nextCursor !== null ? useDecided.more : undefined,
      },
    ],
    [waiting, decided, waitingLive, decidedLive, t],
  );
  const known = [...waiting, ...decided].find((one) => one.id === chosen);
  const live = useRequest(chosen, known);

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
  const batch = policy.state === 'ready' && policy.value.batchDecisionsAllowed;
  const chosenTogether = waiting.filter(({ id }) => marked.has(id)).slice(0, mostTogether);
  const search = (text: string) => {
    setSearched(text !== '');
    useWaiting.search(text);
    useDecided.search(text);
  };
  const request = live?.state === 'ready' ? live.value : waiting[0];
  const empty = waiting.length + decided.length === 0;
  return (
    <Screen
      title={t('requests.approvals.title')}
      aside={t('requests.approvals.waiting', { count })}
      toolbar={
        batch &&
        chosenTogether.length > 0 && (
          <Button size="xs" onClick={() => setTogether(true)}>
            {t('requests.batch.chosen', { count: chosenTogether.length })} · {t('requests.batch.decide')}
          </Button>
        )
      }
    >
      {empty && !searched && !request ? (
        <Empty title={t('requests.approvals.none')} text={t('requests.approvals.noneText')} />
      ) : (
        <TwoPanes
          list={
            <RequestList
              label={t('requests.approvals.list')}
              groups={groups}
              chosen={request?.id ?? null}
              onChoose={setChosen}
              own={false}
              head={<Search label={t('requests.search')} onSearch={search} />}
              marks={
                batch
                  ? {
                      marked,
                      label: (name) => t('requests.batch.choose', { name }),
                      mark: (id, on) =>
                        setMarked((before) => new Set(on ? [...before, id] : [...before].filter((one) => one !== id))),
                    }
                  : undefined
              }
            />
          }
        >
          {request ? (
            <Chosen key={request.id} request={request} />
          ) : live?.state === 'failed' ? (
            <Failure failure={live.failure} />
          ) : empty && searched ? (
            <Empty title={t('requests.noMatch')} text={t('requests.noMatchText')} />
          ) : (
            <Empty title={t('requests.choose')} text={t('requests.chooseText')} />
          )}
        </TwoPanes>
      )}
      {together && (
        <Batch
          requests={chosenTogether}
          onClose={(done) => {
            setTogether(false);
            setMarked((before) => new Set([...before].filter((id) => !done.has(id))));
          }}
        />
      )}
    </Screen>
  );
}

function Chosen({ request }: { request: AccessRequest }) {
  const { t } = useTranslation();
  const context = useContextOf(request);
  const phase = phaseOf(request, useGatewayNow('half-minute'));
  const onDone = useCallback(
    (verdict: Verdict, after: AccessRequest) =>
      notify(
        verdict === 'approve' && after.state.status === 'pending'
          ? t('requests.done.level')
          : t(`requests.done.${verdict}`, { name: after.requester.displayName }),
      ),
    [t],
  );
  return (
    <RequestDetails
      request={request}
      context={<Context request={request} context={context} />}
      known={context}
      aside={
        (phase === 'pending' || phase === 'open' || phase === 'scheduled') && (
          <Button variant="subtle" size="compact-xs" onClick={() => void call('decision.open', { requestId: request.id })}>
            {t('requests.approvals.ownWindow')}
          </Button>
        )
      }
    >
      <DecisionPanel request={request} onDone={onDone} />
    </RequestDetails>
  );
}
