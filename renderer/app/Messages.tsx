import { CloseButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { dismiss, useMessages } from '../store/notify.ts';
import classes from './Frame.module.css';

/** What has just happened: seen for a while, and said by screen readers. */
export function Messages() {
  const { t } = useTranslation();
  const { messages } = useMessages();
  return (
    <div className={classes.messages} role="status" aria-live="polite">
      {messages.map(({ id, text, tone }) => (
        <div key={id} className={classes.message} data-tone={tone}>
          <span>{text}</span>
          <CloseButton size="sm" aria-label={t('common.actions.dismiss')} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
