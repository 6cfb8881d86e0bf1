import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Filter.module.css';
import { FilterPill } from './FilterPill.tsx';
import { MoreFilters } from './MoreFilters.tsx';
import { SavedFilters } from './SavedFilters.tsx';
import type { Saved } from './saved.ts';

/** What a list can be filtered by: `pinned` always have a pill, the others once they are set or chosen. */
export type FilterRules<F, N extends string> = {
  names: readonly N[];
  pinned: readonly N[];
  isSet: (filter: F, name: N) => boolean;
  without: (filter: F, name: N) => F;
  isEmpty: (filter: F) => boolean;
};

type Props<F, N extends string> = {
  rules: FilterRules<F, N>;
  filter: F;
  onChange: (filter: F) => void;
  /** What a pill says; `value` is null while it is not set. */
  textOf: (name: N) => { name: string; value: string | null };
  labelOf: (name: N) => string;
  /** Ranges of time need more room than words. */
  isWide: (name: N) => boolean;
  editor: (name: N, close: () => void) => ReactNode;
  saved: readonly Saved<F>[];
  onSaved: (saved: Saved<F>[]) => void;
  /** At the end of the line. */
  children: ReactNode;
};

/** The pills over a table, one for each filter. */
export function FilterPills<F extends { text?: string | undefined }, N extends string>(props: Props<F, N>) {
  const { rules, filter, onChange } = props;
  const { t } = useTranslation();
  const [open, setOpen] = useState<N | null>(null);
  const shown = rules.names.filter((name) => rules.pinned.includes(name) || rules.isSet(filter, name) || open === name);
  const withoutText = { ...filter, text: undefined };
  const onlyText = (filter.text === undefined ? {} : { text: filter.text }) as F;
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('filter.bar')}>
      {shown.map((name) => (
        <FilterPill
          key={name}
          {...props.textOf(name)}
          opened={open === name}
          width={props.isWide(name) ? 290 : 250}
          onOpen={(opened) => setOpen((now) => (opened ? name : now === name ? null : now))}
          onClear={() => onChange(rules.without(filter, name))}
        >
          {props.editor(name, () => setOpen(null))}
        </FilterPill>
      ))}
      <MoreFilters names={rules.names.filter((name) => !shown.includes(name))} label={props.labelOf} onChoose={setOpen} />
      <SavedFilters
        saved={props.saved}
        current={rules.isEmpty(filter) ? null : filter}
        onApply={onChange}
        onChange={props.onSaved}
      />
      {!rules.isEmpty(withoutText) && (
        <Button variant="subtle" size="compact-sm" onClick={() => onChange(onlyText)}>
          {t('filter.clear')}
        </Button>
      )}
      <div className={classes.end}>{props.children}</div>
    </div>
  );
}
