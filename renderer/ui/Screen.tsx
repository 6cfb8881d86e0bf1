import { type ReactNode, useEffect, useRef } from 'react';
import classes from './Screen.module.css';

/** A screen: its heading, what belongs beside it, its content. The heading takes the focus when one comes here. */
export function Screen(props: {
  title: string;
  breadcrumb?: readonly string[];
  aside?: ReactNode;
  toolbar?: ReactNode;
  children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <section className={classes.screen}>
      <header className={classes.head}>
        {props.breadcrumb && <span className={classes.where}>{props.breadcrumb.map((part) => `${part} / `)}</span>}
        <h1 ref={heading} tabIndex={-1} className={classes.title}>
          {props.title}
        </h1>
        {props.aside && <span className={classes.aside}>{props.aside}</span>}
        {props.toolbar && <div className={classes.toolbar}>{props.toolbar}</div>}
      </header>
      <div className={classes.body}>{props.children}</div>
    </section>
  );
}
