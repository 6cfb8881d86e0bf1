import { useEffect } from 'react';
import type { SessionEvent } from '../../../contract/session.ts';
import type { Engine } from './engine.ts';
import { nextEventMs, previousEventMs } from './event-steps.ts';
import { type Command, commandOf } from './keys.ts';
import { commentBoxId, searchBoxId, setPanel, showTab } from './panel.ts';
import { goToHit } from './SearchBox.tsx';
import { stepSpeed } from './speeds.ts';

/** The player's keys, wherever in its page the focus is. */
export function usePlayerKeys(engine: Engine | null, events: readonly SessionEvent[]): void {
  useEffect(() => {
    if (!engine) return;
    const onKey = (event: KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      const focus = target?.closest('input, textarea')
        ? 'text'
        : target?.closest('select')
          ? 'choice'
          : target?.closest('button')
            ? 'button'
            : 'other';
      const held = { control: event.ctrlKey, alt: event.altKey, meta: event.metaKey, shift: event.shiftKey };
      const command = commandOf(event.key, held, focus);
      if (!command) return;
      event.preventDefault();
      obey(command, engine, events);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [engine, events]);
}

function obey(command: Command, engine: Engine, events: readonly SessionEvent[]): void {
  const { playing, positionMs, durationMs, speed, live, skipIdle } = engine.playback.getState();
  switch (command.do) {
    case 'toggle':
      if (playing) engine.pause();
      else engine.play();
      break;
    case 'by':
      engine.seek(positionMs + command.ms);
      break;
    case 'to':
      if (live && command.place === 'end') engine.goLive();
      else engine.seek(command.place === 'start' ? (live?.fromMs ?? 0) : durationMs);
      break;
    case 'speed':
      if (!live) engine.setSpeed(stepSpeed(speed, command.step));
      break;
    case 'tenth':
      if (!live) engine.seek((durationMs * command.number) / 10);
      break;
    case 'frame':
      engine.stepFrame(command.step);
      break;
    case 'hit':
      if (!live) goToHit(engine, events, command.step);
      break;
    case 'skip-idle':
      if (!live) engine.setSkipIdle(!skipIdle);
      break;
    case 'find':
      showTab('events', searchBoxId);
      break;
    case 'comment':
      showTab('comments', commentBoxId);
      break;
    case 'time':
      if (!live) setPanel({ open: 'time' });
      break;
    case 'help':
      setPanel({ open: 'help' });
      break;
    case 'event': {
      const to = live ? null : (command.step > 0 ? nextEventMs : previousEventMs)(events, positionMs);
      if (to !== null) engine.seek(to);
      break;
    }
    default:
      command satisfies never;
  }
}
