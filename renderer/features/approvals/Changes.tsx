import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useTimes } from '../../store/time.ts';
import classes from './DecisionPanel.module.css';
import type { Difference } from './differences.ts';

/** What is not as it was when the person looked. Without `onAcknowledge` there is nothing left to decide. */
export function Changes({
  differences,
  onAcknowledge,
}: {
  differences: readonly Difference[];
  onAcknowledge?: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  const say = (difference: Difference): string => {
    switch (difference.what) {
      case 'decision': {
        const { by, verdict, comment } = difference.decision;
        const said = t(`requests.decided.${verdict}`, { name: by.displayName });
        return comment === '' ? said : t('requests.changed.with', { said, comment });
      }
      case 'window':
        return t('requests.changed.window', {
          from: times.span(difference.from.start, difference.from.end),
          to: times.span(difference.to.start, difference.to.end),
        });
      case 'deadline':
        return t('requests.changed.deadline', { from: times.moment(difference.from), to: times.moment(difference.to) });
      case 'level':
        return t('requests.changed.level', { from: difference.from, to: difference.to });
      case 'state':
        return t('requests.changed.state', { status: t(`failure.words.status.${difference.status}`) });
      default:
        return difference satisfies never;
    }
  };
  return (
    <div className={classes.changes} role="alert">
      <h3>{t('requests.changed.title')}</h3>
      <ul>
        {differences.map((difference) => (
          <li key={JSON.stringify(difference)}>{say(difference)}</li>
        ))}
      </ul>
      {onAcknowledge && (
        <Button size="xs" variant="default" onClick={onAcknowledge} aria-keyshortcuts="Control+Enter">
          {t('requests.changed.goOn')}
        </Button>
      )}
    </div>
  );
}
