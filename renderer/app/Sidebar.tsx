import { Menu } from '@mantine/core';
import {
  IconChecklist,
  IconHistory,
  IconInbox,
  IconPlayerPlay,
  IconServer,
  IconSettings,
  IconUser,
  IconX,
  type TablerIcon,
} from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../../contract/identity.ts';
import { useAccount } from '../store/account.ts';
import { call } from '../store/bridge.ts';
import { failureOf } from '../store/live.ts';
import { notify } from '../store/notify.ts';
import { useWaitingCount } from '../store/requests.ts';
import { go, type Route } from '../store/route.ts';
import { useGatewayNow } from '../store/time.ts';
import { closeViewing, useWatching } from '../store/watch.ts';
import { useFailureTexts } from '../ui/Failure.tsx';
import classes from './Frame.module.css';

type Place = Extract<Route, { name: 'sessions' | 'history' | 'my-requests' | 'approvals' | 'settings' }>;

/** Where one can go, what one is watching, and who one is. */
export function Sidebar({ account, route }: { account: Extract<Account, { state: 'signed-in' }>; route: Route }) {
  const { t } = useTranslation();
  const watching = useWatching();
  const waiting = useWaitingCount(useGatewayNow('half-minute'));
  const { user, gatewayName } = account;
  const textOf = useFailureTexts();
  const signOut = async () => {
    try {
      useAccount.set(await call('account.signOut'));
    } catch (error) {
      notify(textOf(failureOf(error)).what, 'problem');
    }
  };
  const link = (to: Place['name'], text: string, icon: TablerIcon, count = 0) => (
    <Link
      to={{ name: to }}
      text={text}
      icon={icon}
      current={route.name === to || (to === 'sessions' && route.name === 'session')}
      count={count}
    />
  );
  return (
    <nav className={classes.sidebar} aria-label={t('common.nav.label')}>
      <div className={classes.brand}>
        <span className={classes.mark} aria-hidden />
        <span className={classes.label}>{t('common.product')}</span>
      </div>
      <div className={classes.group}>{t('common.nav.audit')}</div>
      {link('sessions', t('common.nav.sessions'), IconServer)}
      {link('history', t('common.nav.history'), IconHistory)}
      <div className={classes.group}>{t('common.nav.access')}</div>
      {link('my-requests', t('common.nav.myRequests'), IconInbox)}
      {link('approvals', t('common.nav.approvals'), IconChecklist, waiting)}
      <div className={classes.group}>{t('common.nav.app')}</div>
      {link('settings', t('common.nav.settings'), IconSettings)}
      {watching.length > 0 && <div className={classes.group}>{t('common.nav.watching')}</div>}
      {watching.map(({ viewingId, sessionId, kind }) => (
        <div key={viewingId} className={classes.viewing}>
          <button
            type="button"
            className={classes.link}
            aria-label={t('common.nav.watch', { id: sessionId })}
            title={t('common.nav.watch', { id: sessionId })}
            aria-current={route.name === 'watch' && route.viewingId === viewingId ? 'page' : undefined}
            onClick={() => go({ name: 'watch', viewingId, sessionId, kind })}
          >
            <IconPlayerPlay size={16} aria-hidden />
            <span className={classes.label}>{t('common.nav.watch', { id: sessionId })}</span>
          </button>
          <button
            type="button"
            className={classes.stop}
            aria-label={t('common.nav.closeViewing', { id: sessionId })}
            onClick={() => void closeViewing(viewingId).catch(() => undefined)}
          >
            <IconX size={14} aria-hidden />
          </button>
        </div>
      ))}
      <div className={classes.person}>
        <Menu position="top-start" width={188}>
          <Menu.Target>
            <button type="button" className={classes.personButton}>
              <IconUser size={18} className={classes.icon} aria-hidden />
              <span className={classes.personText}>
                <span className={classes.personName}>{user.displayName}</span>
                {[user.roles[0], gatewayName].filter(Boolean).join(' · ')}
              </span>
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{user.userName}</Menu.Label>
            <Menu.Item onClick={() => void signOut()}>{t('common.nav.signOut')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
    </nav>
  );
}

/** A link by role: it leads to a screen, though there is no address. The count is a description, not a part of the name. */
function Link({
  to,
  text,
  icon: Icon,
  current,
  count,
}: {
  to: Place;
  text: string;
  icon: TablerIcon;
  current: boolean;
  count: number;
}) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className={classes.entry}>
      <a
        href={`#${to.name}`}
        className={classes.link}
        aria-label={text}
        title={text}
        aria-current={current ? 'page' : undefined}
        aria-describedby={count > 0 ? id : undefined}
        onClick={(event) => {
          event.preventDefault();
          go(to);
        }}
      >
        <Icon size={18} className={classes.icon} aria-hidden />
        <span className={classes.label}>{text}</span>
      </a>
      {count > 0 && (
        <>
          <span className={classes.count} aria-hidden>
            {count}
          </span>
          <span id={id} hidden>
            {t('common.nav.waiting', { count })}
          </span>
        </>
      )}
    </div>
  );
}
