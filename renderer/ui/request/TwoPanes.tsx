import type { ReactNode } from 'react';
import classes from './TwoPanes.module.css';

/** A list and what is chosen of it, each scrolling by itself. */
export function TwoPanes({ list, children }: { list: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.panes}>
      {list}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard (WCAG 2.1.1) */}
      <div className={classes.pane} tabIndex={0}>
        {children}
      </div>
    </div>
  );
}
