import { Button, Group } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure as FailureValue } from '../../../contract/failure.ts';
import { type AccessRequest, phaseOf } from '../../../contract/request.ts';
import { call } from '../../store/bridge.ts';
import { askFor } from '../../store/justification.ts';
import { failureOf } from '../../store/live.ts';
import { notify } from '../../store/notify.ts';
import { useMyRequests } from '../../store/requests.ts';
import { useGatewayNow } from '../../store/time.ts';
import { useUnsent } from '../../store/unsent.ts';
import { watch } from '../../store/watch.ts';
import { ActionFailure } from '../../ui/ActionFailure.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { RequestDetails } from '../../ui/request/RequestDetails.tsx';
import { RequestList } from '../../ui/request/RequestList.tsx';
import { TwoPanes } from '../../ui/request/TwoPanes.tsx';
import { Screen } from '../../ui/Screen.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import classes from './Unsent.module.css';
import { Unsent } from './Unsent.tsx';

/** What this person has asked for, and what became of it. */
export function MyRequestsScreen({ requestId }: { requestId?: string | undefined }) {
  const { t } = useTranslation();
  const live = useMyRequests();
  const [chosen, setChosen] = useState<string | null>(requestId ?? null);
  useEffect(() => setChosen(requestId ?? null), [requestId]);
  useEffect(() => void useUnsent.load(), []);
  const kept = useUnsent();
  const unsent = kept.state === 'ready' ? kept.value.unsent : [];
  const items = live.state === 'ready' ? live.value.items : [];
  const request = items.find((one) => one.id === chosen) ?? items[0];
  return (
    <Screen title={t('requests.mine.title')}>
      <div className={classes.page}>
        {unsent.length > 0 && <Unsent items={unsent} />}
        <div className={classes.rest}>
          {live.state === 'waiting' && <Waiting />}
          {live.state === 'failed' && <Failure failure={live.failure} onRetry={useMyRequests.load} />}
          {live.state === 'ready' && !request && <Empty title={t('requests.mine.empty')} text={t('requests.mine.emptyText')} />}
          {live.state === 'ready' && request && (
            <TwoPanes
              list={
                <RequestList
                  label={t('requests.mine.list')}
                  groups={[{ items, more: live.value.nextCursor === null ? undefined : useMyRequests.more }]}
                  chosen={request.id}
                  onChoose={setChosen}
                  own
                />
              }
            >
              <RequestDetails request={request}>
                <OwnActions key={request.id} request={request} />
              </RequestDetails>
            </TwoPanes>
          )}
        </div>
      </div>
    </Screen>
  );
}

/** What the requester can do: watch while the window is open, ask for more time or again, cancel what is pending. */
function OwnActions({ request }: { request: AccessRequest }) {
  const { t } = useTranslation();
  const phase = phaseOf(request, useGatewayNow('second'));
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<FailureValue | null>(null);
  const { session, kind, justification, reason, governanceCode } = request;

  async function run(action: () => Promise<unknown>, done?: string) {
    setBusy(true);
    setFailure(null);
    try {
      await action();
      if (done) notify(done);
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setBusy(false);
    }
  }

  const again = () => askFor(session, kind, { justification, reasonId: reason.id, governanceCode: governanceCode ?? '' });
  return (
    <>
      {failure && <ActionFailure failure={failure} />}
      <Group>
        {phase === 'open' && (
          <Button loading={busy} onClick={() => run(() => watch(session.id, kind))}>
            {t('requests.watch')}
          </Button>
        )}
        {phase === 'open' && (
          <Button variant="default" onClick={again}>
            {t('requests.moreTime')}
          </Button>
        )}
        {phase === 'pending' && (
          <Button
            variant="default"
            loading={busy}
            onClick={() =>
              run(() => call('requests.cancel', { id: request.id, version: request.version }), t('requests.done.cancel'))
            }
          >
            {t('requests.cancel')}
          </Button>
        )}
        {phase !== 'open' && phase !== 'pending' && phase !== 'scheduled' && (
          <Button variant="default" onClick={again}>
            {t('requests.again')}
          </Button>
        )}
      </Group>
    </>
  );
}
