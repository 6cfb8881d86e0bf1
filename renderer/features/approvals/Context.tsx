import { useTranslation } from 'react-i18next';
import type { AccessRequest, RequesterContext } from '../../../contract/request.ts';
import { useConnection } from '../../store/connection.ts';
import classes from '../../ui/request/RequestDetails.module.css';

/** What an approver may know of the requester. The room is kept while it is on its way; out of reach it says so. */
export function Context({ request, context }: { request: AccessRequest; context: RequesterContext | null }) {
  const { t } = useTranslation();
  const live = useConnection();
  const away = live.state === 'ready' && live.value.state === 'offline';
  return (
    <section className={classes.card}>
      <h3>{t('requests.context', { name: request.requester.displayName })}</h3>
      {context
        ? t('requests.contextText', {
            requests: t('requests.requestsCount', { count: context.requests }),
            approved: context.approved,
            rejected: context.rejected,
            device:
              context.sameDevice === 0 ? t('requests.deviceNever') : t('requests.deviceBefore', { count: context.sameDevice }),
          })
        : away
          ? t('requests.contextAway')
          : '…'}
    </section>
  );
}
