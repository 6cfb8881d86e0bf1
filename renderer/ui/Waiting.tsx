import { Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './Empty.module.css';

/** Something is on its way. */
export function Waiting({ text }: { text?: string }) {
  const { t } = useTranslation();
  return (
    <div className={classes.empty} role="status">
      <Loader size="sm" aria-hidden />
      <p className={classes.text}>{text ?? t('common.waiting')}</p>
    </div>
  );
}
