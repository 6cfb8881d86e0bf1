import type { ReactNode } from 'react';
import classes from './TwoPanes.module.css';

/** A list and what is chosen of it, each scrolling by itself. */
export function TwoPanes({ list, children }: { list: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.panes}>
      {list}
      <div className={classes.pane}>{children}</div>
    </div>
  );
}
