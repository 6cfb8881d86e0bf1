import { VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconFlag } from '@tabler/icons-react';
import type { AuditVerdict, SessionState } from '../../../contract/session.ts';
import { Badge } from '../../ui/Badge.tsx';
import type { AccessLabel } from './access.ts';
import classes from './Badges.module.css';

/** The state of a session. Only what runs now is loud. */
export function StateBadge({ state, text }: { state: SessionState; text: string }) {
  switch (state) {
    case 'live':
      return <Badge tone="bad" text={text} dot />;
    case 'recorded':
      return <span>{text}</span>;
    case 'converting':
    case 'not-recorded':
      return <span className={classes.quiet}>{text}</span>;
    default:
      return state satisfies never;
  }
}

const signs = { 'nothing-to-object': IconCheck, 'follow-up': IconFlag, violation: IconAlertTriangle } as const;

/** That a session was audited, small, beside its state. */
export function AuditedSign({ verdict, text }: { verdict: AuditVerdict; text: string }) {
  const Icon = signs[verdict];
  return (
    <span className={classes.audited} data-verdict={verdict} title={text}>
      <Icon size={14} stroke={2.2} aria-hidden="true" />
      <VisuallyHidden>{text}</VisuallyHidden>
    </span>
  );
}

/** What the person may do with a session, as the gateway said it. */
export function AccessBadge({ text, tone }: AccessLabel) {
  switch (tone) {
    case 'good':
      return <Badge tone="good" text={text} dot />;
    case 'waiting':
      return <Badge tone="warn" text={text} />;
    case 'chip':
      return <Badge tone="chip" text={text} />;
    case 'quiet':
      return <span className={classes.quiet}>{text}</span>;
    default:
      return tone satisfies never;
  }
}
