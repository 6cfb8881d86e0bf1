import classes from './FailureDetail.module.css';
import type { FailureText } from './failure-text.ts';

/** What of a failure has to be compared or passed on letter by letter; nothing if there is no such thing. */
export function FailureDetail({ detail }: { detail: FailureText['detail'] }) {
  if (!detail) return null;
  return (
    <dl className={classes.detail}>
      <dt>{detail.label}</dt>
      <dd>{detail.text}</dd>
    </dl>
  );
}
