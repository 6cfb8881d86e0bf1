/** biome-ignore-all lint/a11y/useSemanticElements: what is drawn row by row cannot be a table element */
/** biome-ignore-all lint/a11y/useFocusableInteractive: the grid is what has the focus, and says which row is the active one */
import { IconBroadcast, IconVideo } from '@tabler/icons-react';
import { memo, type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryRow } from '../../../contract/history.ts';
import { nextChangeMs, phaseOf } from '../../../contract/request.ts';
import { go } from '../../store/route.ts';
import { useGatewayNow, useTimes } from '../../store/time.ts';
import type { Times } from '../../store/times.ts';
import classes from '../../ui/grid/Grid.module.css';
import { rowHeight } from '../../ui/grid/moves.ts';
import { PhaseBadge } from '../../ui/request/PhaseBadge.tsx';
import { type Column, looks } from './columns.ts';
import own from './HistoryGrid.module.css';
import type { Slot } from './slots.ts';

/** What rows say, the same for all of them. */
export type RowWords = { times: Times; kind: Record<HistoryRow['kind'], string>; never: string; unwatched: string };

export function useRowWords(): RowWords {
  const { t } = useTranslation();
  const times = useTimes();
  return useMemo(
    () => ({
      times,
      kind: { recording: t('common.kind.recording'), livestream: t('common.kind.livestream') },
      never: t('history.never'),
      unwatched: t('history.filter.watched_false'),
    }),
    [t, times],
  );
}

type RowProps = {
  drawn: Slot<HistoryRow>;
  fitting: readonly Column[];
  template: string;
  isCurrent: boolean;
  words: RowWords;
  nowMs: number;
  choose: (row: { index: number; id: string }) => void;
};

/** Where elements are that draw no row: above all rows, out of every sight. */
const parkedPx = -200;

/**
 * The elements of a row. Once it has gone they stay as they were, for the next row: to make them anew, or to change what nobody sees, takes
 * longer than a frame when all of them change at once. `choose` does the same every time: it is no reason to draw again.
 */
export const Row = memo(
  function Row({ drawn, fitting, template, isCurrent, words, nowMs, choose }: RowProps) {
    const { state, index, row } = drawn;
    if (row === null) return null;
    const parked = state === 'parked';
    return (
      <div
        id={parked ? undefined : rowIdOf(row.id)}
        role="row"
        tabIndex={-1}
        aria-hidden={parked || undefined}
        aria-rowindex={parked ? undefined : index + 2}
        aria-selected={parked ? undefined : isCurrent}
        data-current={isCurrent || undefined}
        className={classes.row}
        style={{ gridTemplateColumns: template, transform: `translateY(${parked ? parkedPx : index * rowHeight}px)` }}
        onMouseDown={(event) => {
          event.preventDefault();
          if (event.button === 0 && !parked) choose({ index, id: row.id });
        }}
        onDoubleClick={() => !parked && go({ name: 'session', id: row.session.id })}
      >
        {fitting.map((column) => {
          const text = texts[column]?.(row, words);
          return (
            <div key={column} role="gridcell" className={looks[column].mono ? monoCell : classes.cell} title={text}>
              {text ?? cells[column]?.(row, words, nowMs)}
            </div>
          );
        })}
      </div>
    );
  },
  (before, now) => {
    // What was here and has gone stays as it is until it is parked, or draws another row.
    if (now.drawn.state === 'left') return before.drawn.index === now.drawn.index && before.drawn.row === now.drawn.row;
    return (
      before.drawn === now.drawn &&
      before.fitting === now.fitting &&
      (now.drawn.state === 'parked' ||
        (before.isCurrent === now.isCurrent && before.words === now.words && before.nowMs === now.nowMs))
    );
  },
);

const monoCell = `${classes.cell} ${classes.mono}`;

/** The columns that are text, which may be cut off: the whole of it is under the pointer. */
const texts: Partial<Record<Column, (row: HistoryRow, words: RowWords) => string>> = {
  createdAt: ({ createdAt }, { times }) => times.moment(createdAt),
  decidedAt: ({ decidedAt }, { times }) => (decidedAt === null ? '' : times.moment(decidedAt)),
  requester: ({ requester }) => requester.displayName,
  user: ({ session }) => session.user,
  device: ({ session }) => session.device,
  reason: ({ reason }) => reason,
  governanceCode: ({ governanceCode }) => governanceCode ?? '',
  approvers: ({ approvers }) => approvers.join(', '),
};

/** What the other columns show of a request. */
const cells: Partial<Record<Column, (row: HistoryRow, words: RowWords, nowMs: number) => ReactNode>> = {
  session: ({ session, kind }, words) => (
    <span className={own.session}>
      <KindIcon kind={kind} name={words.kind[kind]} />
      <span className={own.text} title={session.id}>
        {session.id}
      </span>
    </span>
  ),
  phase: (row, _, nowMs) =>
    nextChangeMs(row, nowMs) === null ? <PhaseBadge request={row} phase={phaseOf(row, nowMs)} /> : <ChangingPhase row={row} />,
  watched: ({ watchedMs }, { times, never, unwatched }) =>
    watchedMs > 0 ? (
      times.duration(watchedMs)
    ) : (
      <span className={own.never} role="img" aria-label={unwatched}>
        {never}
      </span>
    ),
};

/** The phase of what changes by time alone: to the second, as it is in the details. */
function ChangingPhase({ row }: { row: HistoryRow }) {
  return <PhaseBadge request={row} phase={phaseOf(row, useGatewayNow('second'))} />;
}

function KindIcon({ kind, name }: { kind: HistoryRow['kind']; name: string }) {
  const Icon = kind === 'recording' ? IconVideo : IconBroadcast;
  return (
    <span className={own.kind} role="img" aria-label={name} title={name}>
      <Icon size={14} aria-hidden="true" />
    </span>
  );
}

export function rowIdOf(requestId: string): string {
  return `history-row-${requestId}`;
}
