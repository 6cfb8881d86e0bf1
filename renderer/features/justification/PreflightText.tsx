import { Trans, useTranslation } from 'react-i18next';
import type { Failure, FailureCode } from '../../../contract/failure.ts';
import type { Preflight } from '../../../contract/request.ts';
import { toMs } from '../../../contract/time.ts';
import type { Spoken } from '../../store/spoken.ts';
import { useFailureText } from '../../ui/Failure.tsx';
import classes from './Justification.module.css';
import type { Ahead } from './use-preflight.ts';

type Props = { ahead: Ahead | { name: 'offline' }; nowMs: number; startsNow: boolean; endMs: number | null; spoken: Spoken };

/** Under the fields: who will decide and when each clock ends, or why nobody could. */
export function PreflightText({ ahead, nowMs, startsNow, endMs, spoken }: Props) {
  const { t } = useTranslation();
  const known = ahead.name === 'known' ? ahead.preflight : ahead.name === 'waiting' ? ahead.last : null;
  const problem = known?.problem ? ({ code: known.problem.code as FailureCode, data: known.problem.data } as Failure) : null;
  const failure = problem ?? (ahead.name === 'failed' ? ahead.failure : null);

  return (
    <div
      className={classes.ahead}
      role="note"
      aria-label={t('justification.preflight.label')}
      aria-live="polite"
      aria-busy={ahead.name === 'waiting'}
      data-tone={failure ? 'warning' : undefined}
      data-quiet={ahead.name === 'waiting' || undefined}
    >
      {failure ? (
        <Trouble failure={failure} lead={problem ? null : t('justification.preflight.failed')} />
      ) : ahead.name === 'offline' ? (
        <p>{t('justification.preflight.offline')}</p>
      ) : ahead.name === 'no-window' ? (
        <p>{t('justification.preflight.noTimes')}</p>
      ) : known ? (
        <Known
          preflight={known}
          elapsedMs={startsNow && ahead.name === 'known' ? Math.max(0, nowMs - ahead.askedAtMs) : 0}
          startsNow={startsNow}
          endMs={endMs}
          spoken={spoken}
        />
      ) : (
        <p>{t('justification.preflight.waiting')}</p>
      )}
    </div>
  );
}

function Trouble({ failure, lead }: { failure: Failure; lead: string | null }) {
  const { what, todo } = useFailureText(failure);
  return (
    <p>
      {lead} {what} {todo}
    </p>
  );
}

type KnownProps = { preflight: Preflight; elapsedMs: number; startsNow: boolean; endMs: number | null; spoken: Spoken };

/** While the window begins now, the clock goes on under the text: the deadline goes with it, never past the end. */
function Known({ preflight, elapsedMs, startsNow, endMs, spoken }: KnownProps) {
  const { t } = useTranslation();
  const untilMs = endMs ?? toMs(preflight.window.end);
  const deadlineMs = Math.min(toMs(preflight.deadline) + elapsedMs, untilMs);
  const other = spoken.elsewhere(untilMs);
  const components = { b: <strong /> };
  return (
    <p>
      {preflight.levels.map((level, index) => (
        <span key={level.level}>
          <Trans
            i18nKey={index === 0 ? 'justification.preflight.first' : 'justification.preflight.next'}
            components={components}
            values={{
              group: level.group.name,
              people: t('justification.people', { count: level.eligible }),
              approvals: t('justification.approvals', { count: level.needed }),
            }}
          />{' '}
        </span>
      ))}
      <Trans i18nKey="justification.preflight.deadline" components={components} values={{ at: spoken.at(deadlineMs) }} />{' '}
      <Trans
        i18nKey={startsNow ? 'justification.preflight.windowNow' : 'justification.preflight.windowLater'}
        components={components}
        values={{
          from: spoken.at(toMs(preflight.window.start)),
          until: spoken.at(untilMs),
          other: other ? t('justification.preflight.other', other) : '',
        }}
      />{' '}
      {t('justification.preflight.self')}
    </p>
  );
}
