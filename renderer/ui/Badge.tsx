import classes from './Badge.module.css';

export type Tone = 'good' | 'warn' | 'bad' | 'chip';

/** A short word about a state. `dot` marks what is happening now. */
export function Badge({ tone, text, dot = false }: { tone: Tone; text: string; dot?: boolean }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {dot && <span className={classes.dot} aria-hidden />}
      {text}
    </span>
  );
}
