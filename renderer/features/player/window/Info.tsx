import { IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Viewing } from '../../../../contract/viewing.ts';
import { call } from '../../../store/bridge.ts';
import { useTimes } from '../../../store/time.ts';
import styles from './WindowButtons.module.css';

/** What this viewing is: of what, by whom, allowed by what; that it is on record, and what the system keeps from leaking. */
export function Info({ viewing: { session, viewer, requestId, accessEnd } }: { viewing: Viewing }) {
  const { t } = useTranslation();
  const times = useTimes();
  const id = useId();
  const [open, setOpen] = useState(false);
  const [protects, setProtects] = useState<boolean | null>(null);
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    call('app.about').then(
      (about) => setProtects(about.protectsContent),
      () => undefined,
    );
  }, []);
  useEffect(() => {
    if (!open) return;
    const away = (event: PointerEvent) => event.target instanceof Node && !box.current?.contains(event.target) && setOpen(false);
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [open]);

  return (
    <div ref={box} className={styles.info}>
      <button
        type="button"
        className={styles.icon}
        aria-label={t('player.info.label')}
        title={t('player.info.label')}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <IconInfoCircle size={18} aria-hidden="true" />
      </button>
      <div id={id} className={styles.facts} hidden={!open}>
        <dl>
          <dt>{t('player.info.session')}</dt>
          <dd>{session.id}</dd>
          <dt>{t('player.info.viewer')}</dt>
          <dd>{viewer}</dd>
          <dt>{t('player.info.allowedBy')}</dt>
          <dd>{requestId === null ? t('player.info.direct') : t('player.info.request', { id: requestId })}</dd>
          {accessEnd && (
            <>
              <dt>{t('player.info.until')}</dt>
              <dd>{times.moment(accessEnd)}</dd>
            </>
          )}
        </dl>
        <p>{t('player.info.onRecord')}</p>
        {protects !== null && <p>{t(protects ? 'player.info.protected' : 'player.info.unprotected')}</p>}
      </div>
    </div>
  );
}
