import { CloseButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dismiss, type Message, useMessages } from '../store/notify.ts';
import classes from './App.module.css';

/** What went wrong is longer than what went well, and matters more. */
const shownMs = { done: 8_000, problem: 16_000, alarm: null };

/** What has just happened: seen for a while, and said by screen readers. */
export function Messages() {
  const { messages } = useMessages();
  return (
    <div className={classes.messages} role="status" aria-live="polite">
      {messages.map((message) => (
        <Shown key={message.id} message={message} />
      ))}
    </div>
  );
}

/** Stays while somebody points at it or has the focus in it. */
function Shown({ message: { id, text, tone } }: { message: Message }) {
  const { t } = useTranslation();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const lastsMs = shownMs[tone];
    if (held || lastsMs === null) return;
    const timer = setTimeout(() => dismiss(id), lastsMs);
    return () => clearTimeout(timer);
  }, [held, id, tone]);
  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done here; a message that is being read only stays.
    <div className={classes.message} data-tone={tone} onMouseEnter={hold} onMouseLeave={release} onFocus={hold} onBlur={release}>
      <span>{text}</span>
      <CloseButton aria-label={t('common.actions.dismiss')} onClick={() => dismiss(id)} />
    </div>
  );
}
