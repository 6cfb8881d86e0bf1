import { Button } from '@mantine/core';
import { type KeyboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type AccessRequest, phaseOf } from '../../../contract/request.ts';
import { useGatewayNow, useTimes } from '../../store/time.ts';
import { PhaseBadge } from './PhaseBadge.tsx';
import classes from './RequestList.module.css';

export type RequestGroup = { heading?: string; items: readonly AccessRequest[]; more?: (() => void) | undefined };

/** Requests to choose from, newest first. The arrow keys go through them. `own` leads with the session instead of the person. */
export function RequestList(props: {
  label: string;
  groups: readonly RequestGroup[];
  chosen: string | null;
  onChoose: (id: string) => void;
  own: boolean;
}) {
  const { t } = useTranslation();
  const list = useRef<HTMLElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const items = [...(list.current?.querySelectorAll<HTMLElement>('[data-request]') ?? [])];
    const next = items[items.indexOf(document.activeElement as HTMLElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <section className={classes.list} ref={list} onKeyDown={move} aria-label={props.label}>
      {props.groups
        .filter(({ items }) => items.length > 0)
        .map(({ heading, items, more }) => (
          <section key={heading ?? ''}>
            {heading && <h2 className={classes.heading}>{heading}</h2>}
            <ul className={classes.items}>
              {items.map((request) => (
                <Item
                  key={request.id}
                  request={request}
                  current={request.id === props.chosen}
                  onChoose={props.onChoose}
                  own={props.own}
                />
              ))}
            </ul>
            {more && (
              <div className={classes.more}>
                <Button variant="default" size="xs" onClick={more}>
                  {t('common.actions.more')}
                </Button>
              </div>
            )}
          </section>
        ))}
    </section>
  );
}

function Item({
  request,
  current,
  onChoose,
  own,
}: {
  request: AccessRequest;
  current: boolean;
  onChoose: (id: string) => void;
  own: boolean;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  const phase = phaseOf(request, useGatewayNow('half-minute'));
  const { session, kind, requester, createdAt } = request;
  const about = [t(`common.kind.${kind}`), session.id, session.device].join(' · ');
  return (
    <li>
      <button type="button" data-request className={classes.item} aria-current={current} onClick={() => onChoose(request.id)}>
        <span className={classes.name}>{own ? `${session.id} · ${session.device}` : requester.displayName}</span>
        <PhaseBadge request={request} phase={phase} />
        <span className={classes.about}>{own ? `${t(`common.kind.${kind}`)} · ${times.moment(createdAt)}` : about}</span>
      </button>
    </li>
  );
}
