import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { call, on } from '../store/bridge.ts';
import { notify } from '../store/notify.ts';

/**
 * Says what became of the things that are kept on this computer. They are told of before anybody is signed in; main keeps them until
 * `ready`, when the page's language is there.
 */
export function useStorageNotices(ready: boolean): void {
  const { t } = useTranslation();
  useEffect(
    () =>
      on('receipts-contradicted', ({ sessionId: id }) =>
        notify(id === null ? t('common.receipts.contradictedEarlier') : t('common.receipts.contradicted', { id }), 'alarm'),
      ),
    [t],
  );
  useEffect(() => on('receipt-key-changed', () => notify(t('common.receipts.keyChanged'), 'alarm')), [t]);
  useEffect(() => on('storage-notice', ({ notice }) => notify(t(`common.storage.${notice}`), 'problem')), [t]);
  useEffect(() => {
    if (ready) call('app.listening').catch(() => undefined);
  }, [ready]);
}
