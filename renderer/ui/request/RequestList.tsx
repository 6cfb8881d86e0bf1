import { Checkbox } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type AccessRequest, phaseOf } from '../../../contract/request.ts';
import { useGatewayNow, useTimes } from '../../store/time.ts';
import { PhaseBadge } from './PhaseBadge.tsx';
import classes from './RequestList.module.css';

export type RequestGroup = { heading?: string; items: readonly AccessRequest[]; more?: (() => unknown) | undefined };
/** Requests that are marked to be decided together, and the way to mark one. */
export type Marks = { marked: ReadonlySet<string>; mark: (id: string, marked: boolean) => void; label: (name: string) => string };

type Row = { key: string; heading: string } | { key: string; request: AccessRequest; group: number };

const heights = { heading: 38, item: 63 };
const loadAheadRows = 30;

/**
 * Requests to choose from; only those in sight are drawn. The arrow keys, Home and End go through them. Further pages are asked for as
 * they come near. `own` leads with the session instead of the person.
 */
export function RequestList(props: {
  label: string;
  groups: readonly RequestGroup[];
  chosen: string | null;
  onChoose: (id: string) => void;
  own: boolean;
  marks?: Marks | undefined;
  head?: ReactNode;
}) {
  const { groups, chosen, onChoose } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(
    () =>
      groups.flatMap(({ heading, items }, group): Row[] =>
        items.length === 0
          ? []
          : [...(heading ? [{ key: heading, heading }] : []), ...items.map((request) => ({ key: request.id, request, group }))],
      ),
    [groups],
  );
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => ('heading' in (rows[index] ?? {}) ? heights.heading : heights.item),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
  });
  const drawn = virtualizer.getVirtualItems();

  const lastDrawn = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    // The end of a group is near when its last row is.
    for (const [group, { more }] of groups.entries()) {
      const last = rows.findLastIndex((row) => 'group' in row && row.group === group);
      if (more && last >= 0 && lastDrawn + loadAheadRows >= last && (drawn[0]?.index ?? 0) <= last) more();
    }
  }, [groups, rows, lastDrawn, drawn]);

  function move(event: KeyboardEvent) {
    const ids = rows.flatMap((row, index) => ('request' in row ? [{ id: row.request.id, index }] : []));
    const at = ids.findIndex(({ id }) => id === (event.target as HTMLElement).dataset['request']);
    if (at < 0) return;
    const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: ids.length - 1 }[event.key];
    const next = target === undefined ? undefined : ids[target];
    if (!next) return;
    event.preventDefault();
    virtualizer.scrollToIndex(next.index);
    // It is drawn a moment after it came into sight.
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-request="${CSS.escape(next.id)}"]`)?.focus({ preventScroll: true }),
    );
  }

  return (
    <section className={classes.frame} aria-label={props.label}>
      {props.head}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are heard for the buttons in it */}
      <div className={classes.list} ref={scroller} onKeyDown={move} data-marks={props.marks !== undefined || undefined}>
        <div className={classes.whole} style={{ height: virtualizer.getTotalSize() }}>
          {drawn.map(({ index, key, start, size }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <div key={key} className={classes.row} style={{ height: size, transform: `translateY(${start}px)` }}>
                {'heading' in row ? (
                  <h2 className={classes.heading}>{row.heading}</h2>
                ) : (
                  <Item
                    request={row.request}
                    current={row.request.id === chosen}
                    onChoose={onChoose}
                    own={props.own}
                    marks={row.group === 0 ? props.marks : undefined}
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}

function Item({
  request,
  current,
  onChoose,
  own,
  marks,
}: {
  request: AccessRequest;
  current: boolean;
  onChoose: (id: string) => void;
  own: boolean;
  marks: Marks | undefined;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  const phase = phaseOf(request, useGatewayNow('second'));
  const { session, kind, requester, createdAt } = request;
  const about = [t(`common.kind.${kind}`), session.id, session.device].join(' · ');
  return (
    <div className={classes.cell} data-current={current || undefined}>
      {marks && (
        <Checkbox
          size="md"
          aria-label={marks.label(requester.displayName)}
          checked={marks.marked.has(request.id)}
          onChange={(event) => marks.mark(request.id, event.currentTarget.checked)}
        />
      )}
      <button
        type="button"
        data-request={request.id}
        className={classes.item}
        aria-current={current}
        onClick={() => onChoose(request.id)}
      >
        <span className={classes.name}>{own ? `${session.id} · ${session.device}` : requester.displayName}</span>
        <PhaseBadge request={request} phase={phase} />
        <span className={classes.about}>{own ? `${t(`common.kind.${kind}`)} · ${times.moment(createdAt)}` : about}</span>
      </button>
    </div>
  );
}
