import { Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Kind, Session } from '../../../contract/session.ts';
import { call } from '../../store/bridge.ts';
import { notify } from '../../store/notify.ts';
import { go } from '../../store/route.ts';
import { defaultKind, stepOf } from './access.ts';
import classes from './SessionsGrid.module.css';
import { useSteps } from './steps.ts';
import { useAccessWords } from './words.ts';

type Props = { session: Session; opened: boolean; inTabOrder: boolean; onOpen: () => void; onClose: () => void };

/** The button at the end of a row, and its menu while it is open: closed menus cost nothing while one scrolls. */
export function ActionsMenu({ session, opened, inTabOrder, onOpen, onClose }: Props) {
  const { t } = useTranslation();
  const button = (
    <button
      type="button"
      className={classes.more}
      tabIndex={inTabOrder ? 0 : -1}
      aria-label={t('sessions.action.open', { id: session.id })}
      aria-haspopup="menu"
      aria-expanded={opened}
      onClick={(event) => {
        event.stopPropagation();
        if (opened) onClose();
        else onOpen();
      }}
    >
      <IconDots size={16} aria-hidden="true" />
    </button>
  );
  if (!opened) return button;
  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-end"
      offset={2}
      shadow="md"
      withInitialFocusPlaceholder={false}
      returnFocus={false}
    >
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown
        onKeyDown={(event) => event.stopPropagation()}
        onClick={(event) => event.stopPropagation()}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        <Items session={session} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Items({ session }: { session: Session }) {
  const { t } = useTranslation();
  const steps = useSteps();
  const { at } = useAccessWords();
  const first = (['recording', 'livestream'] as const).find((kind) => stepOf(session.access[kind]).do !== 'nothing');

  const hint = (kind: Kind): string => {
    const access = session.access[kind];
    switch (access.state) {
      case 'unavailable':
        return t(`sessions.action.hint.${access.why}`);
      case 'pending':
        return t('sessions.action.hint.pending');
      case 'scheduled':
        return t('sessions.action.hint.scheduled', { at: at(access.from) });
      case 'direct':
      case 'open':
      case 'ask':
        return kind === defaultKind(session) ? t('sessions.action.hint.enter') : '';
      default:
        return access satisfies never;
    }
  };
  const watching = (kind: Kind): ReactNode => (
    <Item
      label={t(`sessions.action.${kind}`)}
      hint={hint(kind)}
      disabled={stepOf(session.access[kind]).do === 'nothing'}
      autoFocus={kind === first}
      onClick={() => steps.take(session, kind)}
    />
  );
  const copy = async (): Promise<void> => {
    await call('app.copy', { text: session.id });
    notify(t('sessions.copied', { id: session.id }));
  };

  return (
    <>
      {watching('recording')}
      {watching('livestream')}
      <Item
        label={t('sessions.action.details')}
        autoFocus={first === undefined}
        onClick={() => go({ name: 'session', id: session.id })}
      />
      <Menu.Divider />
      <Item label={t('sessions.action.copy')} onClick={() => void copy()} />
    </>
  );
}

type ItemProps = { label: string; hint?: string; disabled?: boolean; autoFocus?: boolean; onClick: () => void };

/** The name of an item is its label alone; the hint describes it, and is drawn by the style. */
function Item({ label, hint = '', disabled = false, autoFocus = false, onClick }: ItemProps) {
  return (
    <Menu.Item
      className={classes.item}
      aria-label={label}
      aria-description={hint === '' ? undefined : hint}
      data-hint={hint}
      disabled={disabled}
      data-autofocus={autoFocus || undefined}
      onClick={onClick}
    >
      {label}
    </Menu.Item>
  );
}
