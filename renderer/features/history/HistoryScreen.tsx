import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAllRequests } from '../../store/requests.ts';
import { Empty } from '../../ui/Empty.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { RequestDetails } from '../../ui/request/RequestDetails.tsx';
import { RequestList } from '../../ui/request/RequestList.tsx';
import { TwoPanes } from '../../ui/request/TwoPanes.tsx';
import { Screen } from '../../ui/Screen.tsx';
import { Waiting } from '../../ui/Waiting.tsx';

/** Every request this person may see, from the archive of this computer. */
export function HistoryScreen() {
  const { t } = useTranslation();
  const live = useAllRequests();
  const [chosen, setChosen] = useState<string | null>(null);
  useEffect(() => void useAllRequests.load(), []);
  const items = live.state === 'ready' ? live.value.items : [];
  const request = items.find((one) => one.id === chosen) ?? items[0];
  return (
    <Screen title={t('requests.history.title')}>
      {live.state === 'waiting' && <Waiting />}
      {live.state === 'failed' && <Failure failure={live.failure} onRetry={useAllRequests.load} />}
      {live.state === 'ready' && !request && <Empty title={t('requests.history.empty')} text={t('requests.history.emptyText')} />}
      {live.state === 'ready' && request && (
        <TwoPanes
          list={
            <RequestList
              label={t('requests.history.list')}
              groups={[{ items, more: live.value.nextCursor === null ? undefined : useAllRequests.more }]}
              chosen={request.id}
              onChoose={setChosen}
              own={false}
            />
          }
        >
          <RequestDetails request={request} />
        </TwoPanes>
      )}
    </Screen>
  );
}
