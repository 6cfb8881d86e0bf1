import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Engine } from './engine.ts';
import { positionText } from './position.ts';
import { usePlayback } from './use-playback.ts';

const slowAfterMs = 3_000;

/** Says, when a recording has kept one waiting for a while, what it waits for and that one need not wait. */
export function SlowNote({ engine }: { engine: Engine }) {
  const { t } = useTranslation();
  const waiting = usePlayback(engine, (playback) => playback.waiting && playback.trouble === null && !playback.finished);
  const opened = usePlayback(engine, (playback) => playback.durationMs > 0);
  const at = usePlayback(engine, (playback) => (playback.waiting ? positionText(playback.positionMs) : ''));
  const [slow, setSlow] = useState(false);

  useEffect(() => {
    setSlow(false);
    if (!waiting) return;
    const timer = setTimeout(() => setSlow(true), slowAfterMs);
    return () => clearTimeout(timer);
  }, [waiting]);

  if (!slow) return null;
  return <p>{opened ? t('player.slow', { at }) : t('player.slowOpening')}</p>;
}
