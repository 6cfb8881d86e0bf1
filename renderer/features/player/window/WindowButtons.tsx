import { IconArrowBackUp, IconCamera, IconExternalLink, IconMaximize, IconMinimize, type TablerIcon } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Viewing } from '../../../../contract/viewing.ts';
import { call } from '../../../store/bridge.ts';
import { failureOf } from '../../../store/live.ts';
import { usePolicy } from '../../../store/policy.ts';
import type { Engine } from '../engine.ts';
import { useFrame } from './frame.ts';
import { Info } from './Info.tsx';
import { pictureOf } from './picture.ts';
import styles from './WindowButtons.module.css';

/** A note is shown for so long. */
const shownMs = 8_000;

type Note = 'snapshotSaved' | 'snapshotNone' | 'snapshotRefused' | 'snapshotNotSaved' | 'snapshotFailed';

/** What can be done with the player's window and its picture: kept as a snapshot, moved, filled the screen with. */
export function WindowButtons({ viewing, engine }: { viewing: Viewing; engine: Engine }) {
  const { t } = useTranslation();
  const { frame, fullScreen } = useFrame();
  const policy = usePolicy();
  const [note, setNote] = useState<{ say: Note } | null>(null);
  const snapshots = policy.state === 'ready' && policy.value.snapshotsAllowed;
  const { viewingId } = viewing;

  useEffect(() => void usePolicy.load(), []);
  useEffect(() => {
    if (note === null) return;
    const timer = setTimeout(() => setNote(null), shownMs);
    return () => clearTimeout(timer);
  }, [note]);

  // Main answers with a failure only when it is on its way out.
  const fill = () => void call('viewings.fullScreen', { on: !fullScreen }).catch(() => undefined);
  const move = () => void call('viewings.move', { viewingId, to: frame === 'own' ? 'main' : 'own' }).catch(() => undefined);
  const snap = async () => {
    const video = engine.element.querySelector('video');
    const picture = video && pictureOf(video, engine.recordedMs());
    if (!picture) return setNote({ say: 'snapshotNone' });
    try {
      const { saved } = await call('viewings.snapshot', { picture });
      if (saved) setNote({ say: 'snapshotSaved' });
    } catch (error) {
      setNote({ say: noteOf(failureOf(error).code) });
    }
  };

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.closest('select, input, textarea');
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || isTyping || document.querySelector('dialog[open]'))
        return;
      const key = event.key.toLowerCase();
      const isFilling = key === 'f' || (key === 'escape' && fullScreen);
      if (!isFilling && !(key === 's' && snapshots)) return;
      event.preventDefault();
      if (isFilling) fill();
      else void snap();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });

  return (
    <>
      {snapshots && <Button icon={IconCamera} label={t('player.window.snapshot')} hint="S" onClick={() => void snap()} />}
      <Button
        icon={frame === 'own' ? IconArrowBackUp : IconExternalLink}
        label={t(frame === 'own' ? 'player.window.back' : 'player.window.own')}
        onClick={move}
      />
      <Button
        icon={fullScreen ? IconMinimize : IconMaximize}
        label={t(fullScreen ? 'player.window.leaveFullScreen' : 'player.window.fullScreen')}
        hint="F"
        onClick={fill}
      />
      <Info viewing={viewing} />
      <div className={styles.note} role="status">
        {note && <p>{t(`player.window.${note.say}`)}</p>}
      </div>
    </>
  );
}

function Button({ icon: Icon, label, hint, onClick }: { icon: TablerIcon; label: string; hint?: string; onClick: () => void }) {
  return (
    <button
      type="button"
      className={styles.icon}
      aria-label={label}
      aria-keyshortcuts={hint}
      title={hint ? `${label} (${hint})` : label}
      onClick={onClick}
    >
      <Icon size={18} aria-hidden="true" />
    </button>
  );
}

function noteOf(code: string): Note {
  switch (code) {
    case 'SNAPSHOT_NOT_ALLOWED':
      return 'snapshotRefused';
    case 'CANNOT_SAVE_FILE':
      return 'snapshotNotSaved';
    default:
      return 'snapshotFailed';
  }
}
