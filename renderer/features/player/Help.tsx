import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Help.module.css';
import { helpKeys } from './keys.ts';
import { setPanel, usePanel } from './panel.ts';

/** Every key of the player, over the picture. */
export function Help() {
  const { t } = useTranslation();
  const open = usePanel((panel) => panel.open === 'help');
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} className={styles.help} aria-labelledby="help-title" onClose={() => setPanel({ open: 'nothing' })}>
      <header>
        <h2 id="help-title">{t('player.help.title')}</h2>
        <button type="button" onClick={() => setPanel({ open: 'nothing' })}>
          {t('player.help.close')}
        </button>
      </header>
      <dl>
        {helpKeys.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(`player.help.${does}`)}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
