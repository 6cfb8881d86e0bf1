import { useTranslation } from 'react-i18next';
import type { Access, SessionState } from '../../../contract/session.ts';
import { useAccessWords } from './words.ts';
import { accessLabel } from './access.ts';
import classes from './badges.module.css';

/** The state of a session. Only what runs now is loud. */
export function StateCell({ state }: { state: SessionState }) {
  const { t } = useTranslation();
  const text = t(`sessions.state.${state}`);
  switch (state) {
    case 'live':
      return <Badge tone="live" text={text} />;
    case 'recorded':
      return <span>{text}</span>;
    case 'converting':
    case 'not-recorded':
      return <span className={classes.quiet}>{text}</span>;
    default:
      return state satisfies never;
  }
}

/** What the person may do with a session, as the gateway said it. */
export function AccessCell({ access }: { access: Access }) {
  const { text, tone } = accessLabel(access, useAccessWords());
  return tone === 'quiet' ? <span className={classes.quiet}>{text}</span> : <Badge tone={tone} text={text} />;
}

function Badge({ tone, text }: { tone: 'live' | 'good' | 'waiting' | 'chip'; text: string }) {
  return (
    <span className={classes.badge} data-tone={tone} title={text}>
      <span>{text}</span>
    </span>
  );
}
